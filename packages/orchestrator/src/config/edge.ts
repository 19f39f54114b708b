import { choice, truth, type Intention } from '@winnow/core';
import { z } from 'zod';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const cloudWatchNamespace = z.string().regex(/^(?!AWS\/)[^:][\w ./#-]{0,254}$/, {
  error: 'must have 1 to 255 letters, digits, and any of . - _ / # and not begin with AWS/',
});

/** What the command itself is told, besides the spec. */
const fields = z.strictObject({
  resume: truth.prefault(true),
  append: truth.prefault(false),
  logLevel: choice(LOG_LEVELS).prefault('warn'),
  metricsAddr: z.unknown().transform(String).optional(),
  cloudwatchNamespace: cloudWatchNamespace.optional(),
  /** The file that changes the AL3 dictionary: its content is in the spec by then. */
  overrides: z.string().optional(),
});
export const edgeSchema = fields.superRefine(({ resume, append }, context) => {
  if (append && !resume)
    context.addIssue({
      code: 'custom',
      path: ['append'],
      message: 'must be left out where what the output holds is replaced (--resume=false)',
    });
});
export type Edge = Readonly<z.output<typeof edgeSchema>>;

/** What the command is to do with what the output holds. */
export const intentionOf = ({ resume, append }: Pick<Edge, 'resume' | 'append'>): Intention =>
  append ? 'append' : resume ? 'resume' : 'replace';
