import { choice, truth } from '@winnow/core';
import { z } from 'zod';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const cloudWatchNamespace = z.string().regex(/^(?!AWS\/)[^:][\w ./#-]{0,254}$/, {
  error: 'must have 1 to 255 letters, digits, and any of . - _ / # and not begin with AWS/',
});

/** What the command itself is told, besides the spec. */
export const edgeSchema = z.strictObject({
  resume: truth.prefault(true).refine((resume) => resume, { error: 'can only be true in this release' }),
  logLevel: choice(LOG_LEVELS).prefault('warn'),
  metricsAddr: z.unknown().transform(String).optional(),
  cloudwatchNamespace: cloudWatchNamespace.optional(),
});
export type Edge = Readonly<z.output<typeof edgeSchema>>;
