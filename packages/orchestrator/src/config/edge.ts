import { choice, truth } from '@winnow/core';
import { z } from 'zod';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the command itself is told, besides the spec. */
export const edgeSchema = z.strictObject({
  resume: truth.prefault(true).refine((resume) => resume, { error: 'can only be true in this release' }),
  logLevel: choice(LOG_LEVELS).prefault('warn'),
  metricsAddr: z.unknown().transform(String).optional(),
});
export type Edge = Readonly<z.output<typeof edgeSchema>>;
