import type { EarlierOutput } from '../commit/earlier-outputs.ts';
import type { PlannedInput } from '../shapes/unit.ts';

/** What a run that replaces is told of the outputs before it. */
export type EarlierVersion = Pick<EarlierOutput, 'output' | 'sha256'>;

/**
 * What stands under the names of outputs that a run is to replace, each with the version that was told last. Memory: some
 * 200 bytes a name.
 */
export class EarlierVersions {
  readonly #versions = new Map<string, string | undefined>();

  add({ output, sha256 }: EarlierVersion): void {
    this.#versions.set(output, sha256);
  }

  /** What an input of that output replaces: exactly what a receipt lists, or whatever stands there where none tells. */
  of(output: string): Pick<PlannedInput, 'replaces' | 'unsettled'> {
    if (!this.#versions.has(output)) return {};
    const replaces = this.#versions.get(output);
    return replaces === undefined ? { unsettled: true } : { replaces };
  }
}
