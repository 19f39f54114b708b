import { CLI_EXIT, ConfigurationError, parseDuration, SpecError } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import { edgeOf } from '../../config/load.ts';
import type { CliContext } from '../context.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, RUN_OPTIONS, textFlag, type Flags } from '../options.ts';
import { runReference } from '../run-reference.ts';
import { gcText } from '../run-text.ts';

const OLDER_THAN = '7d';

/** `winnow gc`: removes what finished runs need no more. */
export const gcCommand = (context: CliContext): CommandModule => ({
  command: 'gc [path]',
  describe: 'Remove what finished runs need no more: plans, receipts, logs; without --delete it only tells',
  builder: (yargs: Argv) =>
    yargs
      .positional('path', { type: 'string', describe: 'Output folder or s3:// URI' })
      .options({
        output: RUN_OPTIONS.output,
        delete: {
          type: 'boolean',
          group: 'What to do:',
          describe: 'Do it; reports, quarantine, the compacted ledger and all outputs stay',
          defaultDescription: 'only tell what would go',
        },
        'older-than': {
          type: 'string',
          requiresArg: true,
          group: 'What to do:',
          describe: 'How long ago a run must have ended: 90s, 30m, 12h, 7d',
          defaultDescription: OLDER_THAN,
        },
        ...EDGE_OPTIONS,
      })
      .example('$0 gc ./out', 'what would go')
      .example('$0 gc ./out --older-than 30d --delete', 'of runs that ended a month ago'),
  handler: async (flags: Flags) => {
    const olderThanMs = olderThanFlag(flags);
    const { output: configured, ...edge } = edgeOf({
      flags,
      environment: context.environment,
      readText: context.readText,
    });
    const path = textFlag(flags, 'path') ?? configured;
    const { output, runId } = runReference(path, undefined);
    if (runId !== undefined)
      throw new ConfigurationError(`gc is for all runs of an output, got the run directory ${path ?? ''}`, {
        hint: `give ${output}`,
      });
    const remove = flags['delete'] === true;
    const summary = await withObservers(context, edge, (hooks) =>
      context.operations.gc({ output, olderThanMs, remove }, hooks),
    );
    await context.print(flags['json'] === true ? JSON.stringify(summary) : gcText(summary));
    const isDamaged = summary.kept.some(({ reason }) => reason === 'damaged');
    context.exit(isDamaged ? CLI_EXIT.incomplete : CLI_EXIT.ok);
  },
});

function olderThanFlag(flags: Flags): number {
  const given = textFlag(flags, 'older-than') ?? OLDER_THAN;
  const olderThanMs = parseDuration(given);
  if (olderThanMs !== undefined) return olderThanMs;
  throw new SpecError([
    { message: `--older-than must be a whole number with s, m, h or d, such as 12h or 7d, got ${given}` },
  ]);
}
