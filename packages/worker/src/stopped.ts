import { WinnowError } from '@winnow/core';

/** Thrown where work stops because somebody asked for it. */
export class Stopped extends WinnowError {
  readonly why: 'interrupted' | 'cancelled';
  constructor(why: 'interrupted' | 'cancelled') {
    super(why === 'interrupted' ? 'interrupted by a signal' : 'the run was cancelled');
    this.why = why;
  }
}
