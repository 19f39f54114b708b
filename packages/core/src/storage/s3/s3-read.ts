import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { StorageError } from '../../errors.ts';
import { retryDelayMs } from '../../retry.ts';
import type { ReadOptions } from '../storage.ts';
import { paced, type PaceLimits } from './body-pace.ts';
import { again, type S3Access } from './s3-access.ts';
import { s3Error, s3Fault, s3RetryKind } from './s3-errors.ts';
import { s3UriOf } from './s3-uri.ts';

export interface S3Reading extends S3Access {
  readonly pace: PaceLimits;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** An answer under way. */
interface OpenBody {
  readonly body: Readable;
  /** Of the version that it is of. */
  readonly etag: string;
  /** Of that version, whole. */
  readonly size: number;
}

/**
 * The bytes of an object, all of one version: the pinned one, or the one that the first byte is of. An answer that
 * breaks off, stalls or is slow is gone on with from where it stood, as long as it brings something each time.
 */
export async function* readObject(
  reading: S3Reading,
  key: string,
  { start = 0, end, pin, signal }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  const { times, waiting } = reading;
  let at = start;
  let version = pin;
  for (let failures = 0; ;) {
    signal?.throwIfAborted();
    let failure: unknown;
    const opened = await openBody(reading, key, { start: at, end: end ?? Infinity, pin: version, signal });
    if (opened === undefined) return;
    const until = Math.min(end ?? Infinity, opened.size);
    const cancel = (reason: Error): void => void opened.body.destroy(reason);
    try {
      for await (const chunk of paced(opened.body, reading.pace, reading.now, cancel)) {
        failures = 0;
        at += chunk.length;
        version = opened.etag;
        yield chunk;
        signal?.throwIfAborted();
      }
      if (at >= until) return;
      failure = new StorageError(
        'transient',
        'read',
        key,
        `the answer ended at byte ${at}, before byte ${until}`,
        { uri: s3UriOf(reading.place) },
      );
    } catch (error) {
      if (s3RetryKind(error) === 'final') throw s3Error('read', s3UriOf(reading.place), key, error);
      failure = error;
    } finally {
      opened.body.destroy();
    }
    if (++failures >= times.attempts) throw s3Error('read', s3UriOf(reading.place), key, failure);
    await waiting.sleep(retryDelayMs(failures, 'transient', times, waiting.random), signal);
  }
}

/** Asks for `[start, end)`; undefined where the object has no such bytes. */
async function openBody(
  reading: S3Reading,
  key: string,
  {
    start,
    end,
    pin,
    signal,
  }: { start: number; end: number; pin: string | undefined; signal: AbortSignal | undefined },
): Promise<OpenBody | undefined> {
  const { client, place } = reading;
  const isPart = start > 0 || end < Infinity;
  // No range says "nothing": a byte is asked for, which tells whether the version is there.
  const lastByte = end === Infinity ? '' : String(Math.max(end, start + 1) - 1);
  const command = new GetObjectCommand({
    Bucket: place.bucket,
    Key: place.prefix + key,
    ...(isPart ? { Range: `bytes=${start}-${lastByte}` } : {}),
    ...(pin === undefined ? {} : { IfMatch: pin }),
  });
  const options = signal === undefined ? {} : { abortSignal: signal };
  try {
    const answer = await again(reading, () => client.send(command, options), signal);
    const body = answer.Body as Readable;
    const size = sizeOf(answer.ContentRange) ?? answer.ContentLength ?? 0;
    if (end > start) return { body, etag: answer.ETag ?? '', size };
    body.destroy();
    return undefined;
  } catch (error) {
    const fault = s3Fault(error);
    if (fault === 'range') return undefined;
    if (fault === 'precondition')
      throw new StorageError(
        'changed',
        'read',
        key,
        `it must still have the ETag ${pin ?? ''}, and has not`,
        {
          ...{ uri: s3UriOf(place), cause: error },
          hint: 'run again once nobody writes to it any more',
        },
      );
    throw s3Error('read', s3UriOf(place), key, error);
  }
}

/** Of `bytes 0-9/100`. */
function sizeOf(contentRange: string | undefined): number | undefined {
  const size = contentRange?.slice(contentRange.indexOf('/') + 1);
  return size === undefined || !/^\d+$/.test(size) ? undefined : Number(size);
}
