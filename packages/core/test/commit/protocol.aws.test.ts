import { protocolOverS3 } from './protocol/over-s3.ts';

protocolOverS3('S3');
