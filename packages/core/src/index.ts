export { diskStorage, type DiskStorageOptions } from './storage/disk-storage.ts';
export { sniff, SNIFF_BYTES, type Compression } from './input/compression.ts';
export { decode, type DecodedChunk, type DecodeOptions } from './input/decode.ts';
export { DecodeError } from './input/decode-error.ts';
export { memoryClassMiB } from './input/memory-class.ts';
export { ownedRange, type OwnedRange, type ReadRange } from './input/owned-range.ts';
export { openSource, type Source, type SourceObject, type SourceOptions } from './input/source.ts';
export { SubUnitStream, type SubUnitPiece } from './input/sub-units.ts';
