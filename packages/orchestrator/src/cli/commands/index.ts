import type { CommandModule } from 'yargs';
import type { CliContext } from '../context.ts';
import { cancelCommand } from './cancel.ts';
import { doctorCommand } from './doctor.ts';
import { gcCommand } from './gc.ts';
import { inspectCommand } from './inspect.ts';
import { logsCommand } from './logs.ts';
import { planCommand } from './plan.ts';
import { redriveCommand } from './redrive.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { sampleCommand } from './sample.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';
import { watchCommand } from './watch.ts';
import { workerCommand } from './worker.ts';

/** Every command, in the order of the help. */
export const commands = (context: CliContext): CommandModule[] =>
  [
    runCommand,
    planCommand,
    statusCommand,
    watchCommand,
    workerCommand,
    cancelCommand,
    reportCommand,
    logsCommand,
    verifyCommand,
    redriveCommand,
    gcCommand,
    inspectCommand,
    doctorCommand,
    sampleCommand,
  ].map((command) => command(context));
