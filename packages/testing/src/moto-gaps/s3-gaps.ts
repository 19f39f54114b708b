import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { headerOf } from '../proxy/raw-headers.ts';
import { xmlError, type Reply } from '../proxy/reply.ts';
import type { RequestFacts } from '../proxy/request-facts.ts';
import type { Answerer, Forward, RewritableRequest, Rewrite } from '../proxy/rewrite.ts';
import { crcText, digestedBody, wrongDigest } from './body-digest.ts';
import { KeyLock } from './key-lock.ts';
import { UploadedParts } from './uploaded-parts.ts';

/** Larger bodies are streamed through, and not checked. */
const MAX_CHECKED_BYTES = 64 << 20;

interface S3State {
  readonly keys: KeyLock;
  readonly parts: UploadedParts;
}

/** Answers those operations of S3 in which moto differs from AWS. */
export function s3Gaps(): Rewrite {
  const state = { keys: new KeyLock(), parts: new UploadedParts() };
  return (request) => {
    switch (request.facts.operation) {
      case 'PutObject':
        return isSmall(request.headers) ? putObject(state, request) : undefined;
      case 'UploadPart':
        return isSmall(request.headers) ? uploadPart(state, request) : undefined;
      case 'CompleteMultipartUpload':
        return completeMultipartUpload(state, request);
      case 'CopyObject':
      case 'DeleteObject':
        return (_, forward) => state.keys.hold(request.facts.path, forward);
      case 'AbortMultipartUpload':
        return (_, forward) => {
          state.parts.forget(uploadId(request.facts));
          return forward();
        };
      default:
        return undefined;
    }
  };
}

/** A body in chunks tells the length of its content only. */
const isSmall = (headers: IncomingHttpHeaders): boolean =>
  Number(headers['content-length'] ?? headers['x-amz-decoded-content-length'] ?? Infinity) <=
  MAX_CHECKED_BYTES;

const uploadId = ({ query }: RequestFacts): string => query.get('uploadId') ?? '';

/**
 * AWS stores nothing whose checksum is wrong; moto stores it, with the wrong checksum. AWS lets of two conditional writes
 * at once only one succeed; moto looks and then writes, in threads.
 */
const putObject =
  ({ keys }: S3State, { facts, headers }: RewritableRequest): Answerer =>
  async (body, forward) => {
    const wrong = wrongDigest(digestedBody(headers, body));
    return wrong === undefined ? keys.hold(facts.path, forward) : badDigest(wrong);
  };

/** As PutObject; the part's checksum is kept for the end of the upload. */
const uploadPart =
  ({ parts }: S3State, { facts, headers }: RewritableRequest): Answerer =>
  async (body, forward) => {
    const digested = digestedBody(headers, body);
    const wrong = wrongDigest(digested);
    if (wrong !== undefined) return badDigest(wrong);
    const reply = await forward();
    const { content } = digested;
    if (reply.status === 200)
      parts.set(uploadId(facts), Number(facts.query.get('partNumber')), {
        crc: crc32(content),
        size: content.length,
      });
    return reply;
  };

/**
 * AWS checks the checksum of the whole object, and If-Match as PutObject does; moto ignores both. Of two completions at
 * once that are conditional only one may succeed.
 */
const completeMultipartUpload =
  ({ keys, parts }: S3State, { facts, headers }: RewritableRequest): Answerer =>
  (body, forward) =>
    keys.hold(facts.path, async () => {
      const problem =
        wholeObjectProblem(parts, facts, headers, body) ?? (await matchProblem(facts, headers, forward));
      if (problem) return problem;
      const reply = await forward();
      if (reply.status === 200) parts.forget(uploadId(facts));
      return reply;
    });

function wholeObjectProblem(
  parts: UploadedParts,
  facts: RequestFacts,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Reply | undefined {
  const sent = headers['x-amz-checksum-crc32'];
  // With `-<parts>` it is the checksum of the parts' checksums.
  if (typeof sent !== 'string' || sent.includes('-')) return undefined;
  const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) =>
    Number(number),
  );
  const crc = parts.crcOf(uploadId(facts), numbers);
  return crc === undefined || crcText(crc) === sent ? undefined : badDigest('CRC32');
}

async function matchProblem(
  { path }: RequestFacts,
  headers: IncomingHttpHeaders,
  forward: Forward,
): Promise<Reply | undefined> {
  const wanted = headers['if-match'];
  if (wanted === undefined) return undefined;
  const { status, headers: found } = await forward({ method: 'HEAD', path });
  if (status === 404)
    return xmlError(404, 'NoSuchKey', 'The specified key does not exist.', {
      Key: path.replace(/^\/[^/]*\//, ''),
    });
  if (unquoted(headerOf(found, 'etag') ?? '') === unquoted(wanted)) return undefined;
  return xmlError(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    { Condition: 'If-Match' },
  );
}

const unquoted = (etag: string): string => etag.replaceAll('"', '');

const badDigest = (name: string): Reply =>
  xmlError(400, 'BadDigest', `The ${name} you specified did not match the calculated checksum.`);
