import { protocolOverS3 } from './protocol/over-s3.ts';

// Beside the suite over a sound S3, for it mostly waits: for answers that stall, and between tries.
protocolOverS3('S3 that fails', { seed: 12, share: 0.1, stallMs: 100 });
