import { makeSample } from '../sample/make.ts';
import { notYet } from './not-yet.ts';
import type { Operations } from './operations.ts';

/** The operations behind the commands. */
export const operations: Operations = {
  run: notYet('run'),
  plan: notYet('plan'),
  status: notYet('status'),
  watch: notYet('watch'),
  report: notYet('report'),
  verify: notYet('verify'),
  worker: notYet('worker'),
  sample: makeSample,
};
