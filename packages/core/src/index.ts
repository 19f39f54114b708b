export { diskStorage, type DiskStorageOptions } from './storage/disk-storage.ts';
