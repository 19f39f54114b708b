import type { Containers } from '../containers/containers.ts';
import type { GapMemory } from './memory.ts';
import type { MotoBatch } from './moto-batch.ts';
import type { Visibility } from './visibility.ts';

/** A request to Batch that is answered otherwise than moto does, with what that takes. */
export interface BatchCall {
  readonly request: unknown;
  /** Of the whole request. */
  readonly bytes: number;
  readonly moto: MotoBatch;
  readonly containers: Pick<Containers, 'record' | 'cancel'>;
  readonly memory: GapMemory;
  readonly visibility: Visibility;
}
