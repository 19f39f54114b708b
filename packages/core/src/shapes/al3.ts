import { z } from 'zod';
import { JSON_SHAPES } from '../al3/json-shape.ts';
import { count } from './counts.ts';

/** A group and the elements that are known of it: {@link GroupLayout}. */
export const groupLayout = z.object({
  group: z.string(),
  name: z.string(),
  elements: z.array(
    z.object({
      number: z.string().optional(),
      name: z.string(),
      start: count,
      length: count,
      type: z.string(),
      twin: z.string().optional(),
    }),
  ),
});

/** How a run reads AL3: everything that decides what is written of an input. */
export const al3Reading = z.object({
  /** All groups that are known by name: another release's starter dictionary changes nothing of the run. */
  dictionary: z.array(groupLayout),
  /** Years of two digits below it are of the 21st century. */
  pivot: count,
  decimals: z.enum(['number', 'string']),
  /** The text of each element stands beside its value. */
  raw: z.boolean(),
  shape: z.enum(JSON_SHAPES),
  /** A transaction with anything wrong in it is quarantined. */
  strict: z.boolean(),
});
export type Al3Reading = z.infer<typeof al3Reading>;

/** How often something was told of the inputs. */
export const diagnosticFact = z.object({
  code: z.string(),
  severity: z.enum(['warning', 'error']),
  count,
});
export type DiagnosticFact = z.infer<typeof diagnosticFact>;
