export { openAwsBatch, type AwsBatchSettings, type BatchEdge } from './aws-batch.ts';
export type { BatchApi, EndFailure, JobPage } from './batch-api.ts';
export { fargateSize, FARGATE_SIZES } from './fargate-size.ts';
export { sdkBatchApi } from './sdk-batch-api.ts';
