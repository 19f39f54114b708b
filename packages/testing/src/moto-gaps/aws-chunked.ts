export interface ChunkedBody {
  readonly content: Buffer;
  /** What follows the last chunk, names in lower case. */
  readonly trailers: ReadonlyMap<string, string>;
}

/**
 * Takes the `aws-chunked` encoding apart, in which clients send bodies whose checksum they only know at the end: chunks
 * of `<hex length>[;chunk-signature=…]\r\n<bytes>\r\n`, one of length 0, then trailers
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html).
 */
export function parseAwsChunked(body: Buffer): ChunkedBody {
  const chunks: Buffer[] = [];
  let at = 0;
  const line = (): string => {
    const end = body.indexOf('\r\n', at);
    const text = body.toString('latin1', at, end === -1 ? body.length : end);
    at = end === -1 ? body.length : end + 2;
    return text;
  };
  for (let length = chunkLength(line()); length > 0; length = chunkLength(line())) {
    chunks.push(body.subarray(at, at + length));
    at += length + 2;
  }
  const trailers = new Map<string, string>();
  while (at < body.length) {
    const [name = '', value = ''] = line().split(/:(.*)/);
    if (name !== '') trailers.set(name.toLowerCase(), value.trim());
  }
  return { content: Buffer.concat(chunks), trailers };
}

function chunkLength(line: string): number {
  const length = Number.parseInt(line, 16);
  if (Number.isNaN(length)) throw new Error(`not a chunk of an aws-chunked body: ${line}`);
  return length;
}
