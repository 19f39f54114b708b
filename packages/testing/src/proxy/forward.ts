import { request } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withoutHopByHop, type RawHeaders } from './raw-headers.ts';
import { streamedReply, type StreamedReply } from './reply.ts';

/** A request to pass on. */
export interface Outgoing {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: RawHeaders;
  readonly body: Buffer | Readable;
}

/**
 * Sends it on as it is, with the Host header that the client sent (it is part of what the client signed), over a
 * connection of its own: one that is kept could be closed by the server under the next request.
 */
export function forward(target: URL, { method, path, headers, body }: Outgoing): Promise<StreamedReply> {
  return new Promise((resolve, reject) => {
    const upstream = request({
      host: target.hostname,
      port: target.port,
      method,
      path,
      headers: withoutHopByHop(headers),
      setHost: false,
      agent: false,
    });
    upstream.on('response', (response) => resolve(streamedReply(response)));
    upstream.on('error', reject);
    if (Buffer.isBuffer(body)) upstream.end(body);
    else pipeline(body, upstream).catch(reject);
  });
}
