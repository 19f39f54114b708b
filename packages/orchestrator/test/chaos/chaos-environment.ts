/** How a process of a disturbed run learns what is to befall its calls: one variable, which workers inherit. */
export const CHAOS_VARIABLE = 'CHAOS_OF_STORAGE';

export interface StorageChaos {
  readonly seed: number;
  /** See `Scenario`. */
  readonly faultOneIn: number;
  /** Only calls for files below it suffer. */
  readonly folder: string;
  /** While this file is there, calls that need space fail with ENOSPC: for machines that let us mount no small disk. */
  readonly fullFlag: string;
  /** A line is added for each fault and for each sub-unit that a worker brought to its commit. */
  readonly journal: string;
}

/** In this order: a worker stops before a call suffers. */
const PRELOADS = ['faulty-storage.ts', 'stopping-commit.ts'].map(
  (name) => new URL(name, import.meta.url).href,
);

/** Variables for a command whose storage, and whose workers' storage, is to suffer. */
export const chaosEnvironment = (chaos: StorageChaos): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: PRELOADS.map((preload) => `--import=${preload}`).join(' '),
  [CHAOS_VARIABLE]: JSON.stringify(chaos),
});

export const readStorageChaos = (environment: NodeJS.ProcessEnv): StorageChaos =>
  JSON.parse(environment[CHAOS_VARIABLE] ?? '{}') as StorageChaos;
