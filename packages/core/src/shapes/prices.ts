import { z } from 'zod';

const keysWithValues = {
  error: (issue: { readonly code?: string; readonly keys?: readonly string[] }) =>
    issue.code === 'unrecognized_keys'
      ? `has keys that no price file knows: ${(issue.keys ?? []).join(', ')}`
      : 'must be keys with values',
};

const dollars = { error: 'must be an amount of US dollars, such as 0.04048' };
const usd = z.number(dollars).min(0, dollars);
const text = z.string({ error: 'must be a text' });

/** What a container is billed: by the size that it has, not by what it uses of it. */
const containerPrice = z.strictObject({ vcpuHour: usd, gibHour: usd }, keysWithValues);
export type ContainerPrice = Readonly<z.infer<typeof containerPrice>>;

/** Of containers whose place nobody takes back, and of those whose place may be. */
const architecturePrices = z.strictObject({ onDemand: containerPrice, spot: containerPrice }, keysWithValues);

/** What a cloud asks for what a run uses, in US dollars: a price file holds exactly this. */
export const prices = z.strictObject(
  {
    /** Of the prices: `2026-11`, or a day. */
    date: text.regex(/^\d{4}-\d\d(-\d\d)?$/, { error: 'must be a month or a day, such as 2026-11' }),
    region: text,
    /** Where they stand, for people. */
    source: text,
    fargate: z.strictObject({ x86: architecturePrices, arm64: architecturePrices }, keysWithValues),
    /** `writes` are PUT, COPY, POST and LIST, `reads` are GET and HEAD. */
    s3: z.strictObject({ writesPer1000: usd, readsPer1000: usd }, keysWithValues),
    /** CloudWatch Logs, of what comes in. */
    logs: z.strictObject({ gb: usd }, keysWithValues),
  },
  keysWithValues,
);
export type Prices = Readonly<z.infer<typeof prices>>;

/** How a container is billed. `ec2`: not at all, its machine is. */
export const CAPACITIES = ['fargate', 'fargate-spot', 'ec2'] as const;
export type Capacity = (typeof CAPACITIES)[number];

export const ARCHITECTURES = ['x86', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];
