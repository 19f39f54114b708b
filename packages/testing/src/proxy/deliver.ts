import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerOf } from './raw-headers.ts';
import type { StreamedReply } from './reply.ts';

/** Streams an answer through as it comes. */
export async function deliver(
  { status, headers, body }: StreamedReply,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(status, [...headers]);
  await pipeline(body, response);
}

/** Cuts the connection in the middle of an answer's body; false where that is too short to be cut: then it is delivered whole. */
export async function deliverHalf(
  reply: StreamedReply,
  response: ServerResponse,
  silenceMs: number,
): Promise<boolean> {
  const length = Number(headerOf(reply.headers, 'content-length') ?? 0);
  if (length < 2) {
    await deliver(reply, response);
    return false;
  }
  response.writeHead(reply.status, [...reply.headers]);
  let left = Math.floor(length / 2);
  for await (const chunk of reply.body as AsyncIterable<Buffer>) {
    const piece = chunk.subarray(0, left);
    left -= piece.length;
    // Only what has left this process reaches the client of a connection that is then destroyed.
    await new Promise((resolve) => response.write(piece, resolve));
    if (left === 0) break;
  }
  const cut = once(response, 'close');
  await Promise.race([sleep(silenceMs, undefined, { ref: false }), cut]);
  response.destroy();
  return true;
}
