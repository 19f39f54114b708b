import { protocolOverS3 } from './protocol/over-s3.ts';

// Every night: it takes minutes, and each landing has the same suite over a sound S3, and the storage's own over a failing one.
protocolOverS3('S3 that fails', { seed: 12, share: 0.1, stallMs: 100 });
