import { choice } from '@winnow/core';
import { z } from 'zod';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const truth = z.unknown().transform((value, context) => {
  if (value === true || value === 'true' || value === '1') return true;
  if (value === false || value === 'false' || value === '0') return false;
  context.addIssue({ code: 'custom', message: 'must be true or false', input: value });
  return z.NEVER;
});

/** What the command itself is told, besides the spec. */
export const edgeSchema = z.strictObject({
  resume: truth.prefault(true).refine((resume) => resume, { error: 'can only be true in this release' }),
  logLevel: choice(LOG_LEVELS).prefault('warn'),
  metricsAddr: z.unknown().transform(String).optional(),
});
export type Edge = Readonly<z.output<typeof edgeSchema>>;
