/**
 * What an attempt sends to CloudWatch Logs, estimated: two lines and at most 20 notes (`worker/src/few-lines.ts`), each with
 * 26 bytes of the service's own.
 */
export const LOG_BYTES_AN_ATTEMPT = 5000;
