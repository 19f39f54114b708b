import type { RequestFacts } from '../proxy/request-facts.ts';
import { chooseFault, FAULT_KINDS, requestIdentity, type FaultKind, type FaultPlan } from './fault-plan.ts';

export interface ChosenFault {
  readonly kind: FaultKind;
  /** How many requests the same as this one came before. */
  readonly occurrence: number;
}

/** Carries out a plan over the requests of a proxy, and counts. */
export class FaultSource {
  readonly #plan: FaultPlan | undefined;
  readonly #seen = new Map<string, number>();
  readonly #counts = new Map<FaultKind, number>();
  #left: number;

  constructor(plan: FaultPlan | undefined) {
    this.#plan = plan;
    this.#left = plan?.atMost ?? Infinity;
  }

  get stallMs(): number {
    return this.#plan?.stallMs ?? 1000;
  }

  next(request: RequestFacts): ChosenFault | undefined {
    if (!this.#plan) return undefined;
    const identity = requestIdentity(request);
    const occurrence = this.#seen.get(identity) ?? 0;
    this.#seen.set(identity, occurrence + 1);
    if (this.#left <= 0) return undefined;
    const kind = chooseFault(this.#plan, request, occurrence);
    if (kind === undefined) return undefined;
    this.#left--;
    return { kind, occurrence };
  }

  /** Called where a fault was really done to a request: an answer without a body, say, cannot be cut. */
  count(kind: FaultKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  counts(): Record<FaultKind, number> {
    const entries = FAULT_KINDS.map((kind) => [kind, this.#counts.get(kind) ?? 0] as const);
    return Object.fromEntries(entries) as Record<FaultKind, number>;
  }
}
