import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { forward } from './forward.ts';
import { withLength, withoutHeaders } from './raw-headers.ts';
import { wholeReply, type Reply } from './reply.ts';
import type { RequestFacts } from './request-facts.ts';

export interface RewritableRequest {
  readonly facts: RequestFacts;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Sends the request as it is, or another one in its name: with its headers, which say for whom and for which region it is
 * signed, but without its conditions and its body.
 */
export type Forward = (other?: {
  readonly method?: string;
  readonly path: string;
  readonly body?: Buffer;
}) => Promise<Reply>;

/** Answers in the server's place: the request's whole body in, the whole answer out. */
export type Answerer = (body: Buffer, forward: Forward) => Promise<Reply>;

/** Which requests are answered otherwise than by passing them on; undefined = pass it on as it streams. */
export type Rewrite = (request: RewritableRequest) => Answerer | undefined;

export async function rewritten(answerer: Answerer, request: IncomingMessage, target: URL): Promise<Reply> {
  const body = await buffer(request);
  return answerer(body, async (other) => {
    const sent = other ? (other.body ?? Buffer.alloc(0)) : body;
    const headers = other ? withoutHeaders(request.rawHeaders, CONDITIONS) : request.rawHeaders;
    const upstream = await forward(target, {
      method: other?.method ?? request.method ?? 'GET',
      path: other?.path ?? request.url ?? '/',
      headers: withLength(headers, sent.length),
      body: sent,
    });
    return wholeReply(upstream);
  });
}

const CONDITIONS = ['if-match', 'if-none-match'];
