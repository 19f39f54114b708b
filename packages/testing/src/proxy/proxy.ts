import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { FaultKind, FaultPlan } from '../faults/fault-plan.ts';
import { faultReply } from '../faults/fault-reply.ts';
import { FaultSource, type ChosenFault } from '../faults/fault-source.ts';
import { deliver, deliverHalf } from './deliver.ts';
import { forward } from './forward.ts';
import { asStream, type StreamedReply } from './reply.ts';
import { requestFacts, type RequestFacts } from './request-facts.ts';
import { rewritten, type Rewrite } from './rewrite.ts';

export interface ProxyOptions {
  /** Base URL of the server behind it. */
  readonly target: string;
  /** None by default. */
  readonly faults?: FaultPlan;
  /** Requests that are not simply passed on. */
  readonly rewrite?: Rewrite;
}

/** A reverse proxy on the loopback that passes requests on byte for byte, Host header included. */
export interface ReverseProxy {
  readonly url: string;
  /** Faults done so far, of every kind. */
  counts(): Record<FaultKind, number>;
  /** Requests so far, of every kind. */
  requests(): number;
  /** Cuts all connections. */
  stop(): Promise<void>;
}

export async function startProxy({ target, faults, rewrite }: ProxyOptions): Promise<ReverseProxy> {
  const source = new FaultSource(faults);
  let requests = 0;
  const handling = { target: new URL(target), source, rewrite };
  const server = createServer((request, response) => {
    requests++;
    // A connection that breaks on either side is nothing to report: the other side's is cut, too.
    handle(handling, request, response).catch(() => response.destroy());
  });
  // Only the faults of the plan may cut a connection.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts: () => source.counts(),
    requests: () => requests,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Handling {
  readonly target: URL;
  readonly source: FaultSource;
  readonly rewrite: Rewrite | undefined;
}

async function handle(handling: Handling, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const facts = requestFacts(request.method ?? 'GET', request.url ?? '/', request.headers);
  const fault = handling.source.next(facts);
  if (fault) await suffer(fault, facts, handling, request, response);
  else await deliver(await carryOut(facts, handling, request), response);
}

async function carryOut(
  facts: RequestFacts,
  { target, rewrite }: Handling,
  request: IncomingMessage,
): Promise<StreamedReply> {
  const answerer = rewrite?.({ facts, headers: request.headers });
  if (answerer) return asStream(await rewritten(answerer, request, target));
  const { method = 'GET', url: path = '/', rawHeaders: headers } = request;
  return forward(target, { method, path, headers, body: request });
}

async function suffer(
  { kind, occurrence }: ChosenFault,
  facts: RequestFacts,
  handling: Handling,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { source } = handling;
  switch (kind) {
    case 'unavailable':
    case 'throttled':
    case 'conflict':
      source.count(kind);
      // The body is taken in: a client that still sends would see a cut connection instead.
      await drain(request);
      await deliver(asStream(faultReply(kind, facts, occurrence)), response);
      break;
    case 'reset':
      source.count(kind);
      request.socket.resetAndDestroy();
      break;
    case 'lost-reply':
      await drain((await carryOut(facts, handling, request)).body);
      source.count(kind);
      request.socket.resetAndDestroy();
      break;
    case 'truncated':
    case 'stalled': {
      const silenceMs = kind === 'stalled' ? source.stallMs : 0;
      const reply = await carryOut(facts, handling, request);
      if (await deliverHalf(reply, response, silenceMs)) source.count(kind);
      break;
    }
  }
}

async function drain(stream: Readable): Promise<void> {
  stream.resume();
  await finished(stream);
}
