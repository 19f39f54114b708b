import type { Spec } from '@winnow/core';
import { SpecError } from '@winnow/core';
import { loadConfig, type Config } from '../config/load.ts';
import type { Layer } from '../config/layers.ts';
import type { CliContext } from './context.ts';
import { withObservers } from './observers.ts';
import type { Flags } from './options.ts';
import { dryRunFooter, dryRunLine } from './dry-run.ts';

/** The configuration of a command that takes a spec. With a `base`, that stands where nothing else is said. */
export const configOf = (context: CliContext, flags: Flags, base?: Layer): Config =>
  loadConfig({ flags, environment: context.environment, readText: context.readText, base });

/** A spec that names an output. */
export function withOutput(spec: Spec): Spec & { readonly output: string } {
  if (spec.output !== undefined) return { ...spec, output: spec.output };
  throw new SpecError([{ message: '--output is missing', hint: 'give a folder to write to, or --dry-run' }]);
}

/** Prints what would be done: file by file and a summary, or the summary as JSON. */
export async function printPlan(context: CliContext, { spec, edge }: Config, json: boolean): Promise<void> {
  const summary = await withObservers(context, { logLevel: edge.logLevel }, (hooks) =>
    context.operations.plan(spec, {
      ...hooks,
      onInput: (file) => (json ? undefined : context.print(dryRunLine(file))),
    }),
  );
  await context.print(json ? JSON.stringify(summary) : dryRunFooter(summary));
}
