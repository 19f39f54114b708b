import { CLI_EXIT, SpecError } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import type { CliContext } from '../context.ts';
import { namedRun, RUN_PATH } from '../named-run.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, RUN_OPTIONS, textFlag, type Flags } from '../options.ts';
import { QuarantineGroups, quarantineJson } from '../quarantine-text.ts';

const SAMPLES = 3;
const GROUP = 'What to do:';

/** `winnow inspect quarantine`: what is in it by reason, or every record for machines. */
export const inspectQuarantineCommand = (context: CliContext): CommandModule => ({
  command: 'quarantine [path]',
  describe:
    'Show what is in quarantine, by reason; --json prints every record, to be mended for redrive --with',
  builder: (yargs: Argv) =>
    yargs
      .positional('path', RUN_PATH)
      .options({
        ...RUN_OPTIONS,
        samples: {
          type: 'string',
          requiresArg: true,
          group: GROUP,
          describe: 'Records shown of each reason',
          defaultDescription: String(SAMPLES),
        },
        reason: { type: 'string', requiresArg: true, group: GROUP, describe: 'Of this reason only' },
        input: { type: 'string', requiresArg: true, group: GROUP, describe: 'Of this input only' },
        ...EDGE_OPTIONS,
      })
      .example('$0 inspect quarantine ./out', 'all that wait, by reason')
      .example('$0 inspect quarantine ./out --reason unexpected-end --json > mended.ndjson', 'to be mended'),
  handler: async (flags: Flags) => {
    const { run, edge } = namedRun(context, flags);
    const groups = new QuarantineGroups(samplesOf(textFlag(flags, 'samples')));
    const json = flags['json'] === true;
    const notices: string[] = [];
    const { damaged } = await withObservers(context, edge, (hooks) =>
      context.operations.inspectQuarantine(
        {
          run,
          reason: textFlag(flags, 'reason'),
          input: textFlag(flags, 'input'),
          onNotice: (sentence) => notices.push(sentence),
          onRecord: (found) => (json ? context.print(quarantineJson(found)) : groups.add(found)),
        },
        hooks,
      ),
    );
    if (!json) await context.print(groups.text());
    for (const sentence of notices) context.screen.write(`winnow: ${sentence}\n`);
    context.exit(damaged.length === 0 ? CLI_EXIT.ok : CLI_EXIT.incomplete);
  },
});

function samplesOf(text: string | undefined): number {
  if (text === undefined) return SAMPLES;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new SpecError([{ message: `--samples must be a whole number from 0 to 9999, got ${text}` }]);
}
