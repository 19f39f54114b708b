/**
 * The worker's entry point. Signals are taken before the rest is loaded: one that came earlier would end the process as the
 * system does, and nobody could tell it from one that was killed.
 */
import { takeSignals } from './take-signals.ts';

const stop = takeSignals(process);
const { work } = await import('./work.ts');
await work(stop);
