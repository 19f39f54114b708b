import { z } from 'zod';
import { attempt } from './attempt.ts';
import { inputOutcome } from './generation.ts';
import { quarantineLine } from './quarantine-line.ts';
import { receipt } from './receipt.ts';
import { report } from './report.ts';
import { runFile } from './run.ts';
import { intent, outcome, submittedJob } from './submission.ts';
import { unit } from './unit.ts';

/** Everything in an output that others read, by the name of its schema's file. Fields may be added, never renamed. */
const PUBLISHED = {
  report,
  'quarantine-line': quarantineLine,
  run: runFile,
  unit,
  receipt,
  attempt,
  intent,
  outcome,
  job: submittedJob,
  'input-outcome': inputOutcome,
};

/** File name → JSON Schema (draft 2020-12) as it is published in `schemas/`. */
export function jsonSchemas(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(PUBLISHED).map(([name, shape]) => {
      // Readers must not stumble over fields that a later release adds.
      const schema = z.toJSONSchema(shape, { io: 'input' });
      return [`${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`];
    }),
  );
}
