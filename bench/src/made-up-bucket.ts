/**
 * A bucket of many small objects that are nowhere, over HTTP as S3 speaks it: listings with prefixes, folders and
 * `start-after`, HEAD and GET. Run as a process: `made-up-bucket.ts OBJECTS`; prints its port.
 *
 * Objects are `in/<folder>/<number>.ndjson`, 5,000 a folder, all of one line.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const OBJECTS_A_FOLDER = 5000;
const PAGE = 1000;
const LINE = Buffer.from(`${JSON.stringify({ id: 1, text: 'a line as any other' })}\n`);

const objects = Number(process.argv[2]);
const folders = Math.ceil(objects / OBJECTS_A_FOLDER);
const folderOf = (folder: number): string => `in/${String(folder).padStart(5, '0')}/`;
const keyOf = (index: number): string =>
  `${folderOf(Math.floor(index / OBJECTS_A_FOLDER))}${String(index % OBJECTS_A_FOLDER).padStart(6, '0')}.ndjson`;

/** The first of `count` numbers for which it holds: those for which it does are the last ones. */
function firstOf(count: number, holds: (n: number) => boolean): number {
  let low = 0;
  for (let high = count; low < high;) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function xmlOf(parts: readonly string[], token: string | undefined): string {
  const more = token === undefined ? '' : `<NextContinuationToken>${token}</NextContinuationToken>`;
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${token !== undefined}</IsTruncated>${more}${parts.join('')}</ListBucketResult>`;
}

function list(query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? '';
  const after = query.get('start-after') ?? '';
  const token = query.get('continuation-token');
  if (query.get('delimiter') === '/') {
    if (prefix !== 'in/') return xmlOf([], undefined);
    const from = token === null ? firstOf(folders, (folder) => folderOf(folder) > after) : Number(token);
    const until = Math.min(folders, from + PAGE);
    const found = Array.from({ length: until - from }, (_, n) => folderOf(from + n));
    return xmlOf(
      found.map((folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`),
      until < folders ? String(until) : undefined,
    );
  }
  const from =
    token === null
      ? firstOf(objects, (index) => keyOf(index) > after && keyOf(index) >= prefix)
      : Number(token);
  const end = firstOf(objects, (index) => keyOf(index) > `${prefix}\u{10ffff}`);
  const until = Math.min(end, from + PAGE);
  const parts: string[] = [];
  for (let index = from; index < until; index++)
    parts.push(
      `<Contents><Key>${keyOf(index)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;9e107d9d372bb6826bd81d3542a419d6&quot;</ETag><Size>${LINE.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    );
  return xmlOf(parts, until < end ? String(until) : undefined);
}

const headers = { etag: '"9e107d9d372bb6826bd81d3542a419d6"', 'content-length': LINE.length };
const answerObject = (response: ServerResponse, key: string, hasBody: boolean): void => {
  if (!key.endsWith('.ndjson')) response.writeHead(404, { 'content-length': 0 }).end();
  else response.writeHead(200, headers).end(hasBody ? LINE : undefined);
};

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://bucket');
  if (searchParams.has('list-type'))
    response.writeHead(200, { 'content-type': 'application/xml' }).end(list(searchParams));
  else answerObject(response, pathname, request.method === 'GET');
}).listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
