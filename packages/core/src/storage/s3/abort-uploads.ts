import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { again, type S3Access } from './s3-access.ts';
import { s3Fault } from './s3-errors.ts';

/** Aborts every upload under a whole key that begins so: parts of it cost money until somebody does. */
export async function abortUploads(access: S3Access, keysBegin: string): Promise<void> {
  const { client, place } = access;
  let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
  for (;;) {
    const command = new ListMultipartUploadsCommand({ Bucket: place.bucket, Prefix: keysBegin, ...markers });
    const page = await again(access, () => client.send(command));
    for (const { Key, UploadId } of page.Uploads ?? []) {
      const abort = new AbortMultipartUploadCommand({ Bucket: place.bucket, Key, UploadId });
      await again(access, () => client.send(abort)).catch((error: unknown) => {
        if (s3Fault(error) !== 'no-upload') throw error;
      });
    }
    if (page.IsTruncated !== true) return;
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}
