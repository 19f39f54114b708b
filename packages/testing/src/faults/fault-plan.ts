import type { RequestFacts } from '../proxy/request-facts.ts';
import { draw } from './draw.ts';

/**
 * What can be done to a request:
 *
 * - `unavailable`: answered with 503, nothing carried out.
 * - `throttled`: answered with 429 TooManyRequestsException, nothing carried out; Batch only.
 * - `conflict`: answered with 409 ConditionalRequestConflict, nothing carried out; conditional writes to S3 only.
 * - `reset`: the connection is cut before anything is carried out.
 * - `lost-reply`: carried out, but the connection is cut in place of the answer.
 * - `truncated`: carried out; the connection is cut in the middle of the answer's body.
 * - `stalled`: carried out; in the middle of the answer's body nothing more comes, then the connection is cut.
 */
export const FAULT_KINDS = [
  'unavailable',
  'throttled',
  'conflict',
  'reset',
  'lost-reply',
  'truncated',
  'stalled',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Which requests to S3 and Batch suffer which faults. The same plan over the same requests gives the same faults. */
export interface FaultPlan {
  readonly seed: number;
  /** Of the requests, 0 to 1. */
  readonly share: number;
  /** Of those to Batch, which are few; `share` by default. */
  readonly batchShare?: number;
  /** All by default. A request gets only those that suit it. */
  readonly kinds?: readonly FaultKind[];
  /** How long a stalled answer is silent before its connection is cut; default 1000. */
  readonly stallMs?: number;
  /** Share of the SubmitJob requests of which the reply is lost; those that keep it suffer `share` as all do. */
  readonly submitLostReplies?: number;
  /** Faults in all; unlimited by default. */
  readonly atMost?: number;
  /** Spares every request for which it is false. */
  readonly only?: (request: RequestFacts) => boolean;
}

/**
 * The fault for the `occurrence`th request (from 0) that is the same as this one by {@link requestIdentity}. It hangs on
 * nothing else, so that requests which come side by side get the same faults in whatever order they arrive.
 */
export function chooseFault(
  plan: FaultPlan,
  request: RequestFacts,
  occurrence: number,
): FaultKind | undefined {
  if (request.service === 'other' || plan.only?.(request) === false) return undefined;
  const identity = requestIdentity(request);
  if (request.operation === 'SubmitJob' && plan.submitLostReplies !== undefined) {
    if (draw(plan.seed, `reply of ${identity}`, occurrence) < plan.submitLostReplies) return 'lost-reply';
  }
  const kinds = (plan.kinds ?? FAULT_KINDS).filter((kind) => suits(kind, request));
  const drawn = draw(plan.seed, identity, occurrence);
  const share = request.service === 'batch' ? (plan.batchShare ?? plan.share) : plan.share;
  // Below the share it is even again: one draw tells both whether and which.
  return drawn < share ? kinds[Math.floor((drawn / share) * kinds.length)] : undefined;
}

function suits(kind: FaultKind, { service, method, conditional }: RequestFacts): boolean {
  switch (kind) {
    case 'throttled':
      return service === 'batch';
    case 'conflict':
      return service === 's3' && conditional;
    case 'truncated':
    case 'stalled':
      // The others have no body in their answer.
      return method === 'GET' || method === 'POST';
    default:
      return true;
  }
}

/** Of the query what a server made up, and what is only for looks. */
const CHANCE = ['uploadId', 'continuation-token', 'marker', 'x-id'];

export function requestIdentity({ method, path, query }: RequestFacts): string {
  const kept = [...query].filter(([name]) => !CHANCE.includes(name) && !name.startsWith('X-Amz-'));
  return `${method} ${path}?${new URLSearchParams(kept.sort()).toString()}`;
}
