/** Moto checks no signatures: any keys do. */
export const TEST_CREDENTIALS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing',
} as const;

/** A header that tells moto which service a request of no SDK is for. */
export const unsignedFor = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=${TEST_CREDENTIALS.AWS_ACCESS_KEY_ID}/20260101/${TEST_CREDENTIALS.AWS_REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
