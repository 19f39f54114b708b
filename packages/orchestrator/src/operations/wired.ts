import { checkUp } from '../doctor/check-up.ts';
import { redriveSpec } from '../run/redrive.ts';
import { runSpec } from '../run/run.ts';
import { makeAl3Sample } from '../sample/al3/make.ts';
import { makeSample } from '../sample/make.ts';
import type { OperationsEdge } from './edge.ts';
import type { Operations } from '../operations/operations.ts';
import { inspectQuarantine } from './inspect-quarantine.ts';
import { inspectSourceSchema } from './inspect-schema.ts';
import { collectOutput } from './gc.ts';
import { cancelRun } from './cancel.ts';
import { runLogs } from './logs.ts';
import { planSpec } from './plan.ts';
import { pullRun } from './pull.ts';
import { readInput } from './read-input.ts';
import { runReport } from './report.ts';
import { runStatus } from './status.ts';
import { latestPlanned } from './stored-run.ts';
import { verifyStored } from './verify.ts';
import { watchRun } from './watch.ts';

/** The operations, on this edge. */
export function operationsOn(edge: OperationsEdge): Operations {
  const { openStorage } = edge;
  return {
    run: (spec, hooks) => runSpec(spec, edge, hooks),
    redrive: (spec, hooks) => redriveSpec(spec, edge, hooks),
    pull: (request, hooks) => pullRun(request, edge, hooks),
    plan: (spec, hooks) => planSpec(spec, edge, hooks),
    latestPlanned: (output, { cwd }) => latestPlanned(output, { cwd, openStorage }),
    status: (run, { cwd }) => runStatus(run, { cwd, openStorage }),
    watch: (run, hooks) => watchRun(run, edge, hooks),
    cancel: (run, hooks) => cancelRun(run, edge, hooks),
    logs: (request, hooks) => runLogs(request, edge, hooks),
    report: (run, { cwd }) => runReport(run, { cwd, openStorage }),
    verify: (run, hooks) => verifyStored(run, { cwd: hooks.cwd, openStorage }, hooks),
    inspectQuarantine: (request, hooks) => inspectQuarantine(request, { cwd: hooks.cwd, openStorage }, hooks),
    gc: (request, hooks) => collectOutput(request, edge, hooks),
    inspectSchema: (request, hooks) => inspectSourceSchema(request, edge, hooks),
    readInput: (request, hooks) => readInput(request, { cwd: hooks.cwd, openStorage }, hooks),
    doctor: (request, hooks) => checkUp(request, edge, hooks),
    sample: makeSample,
    sampleAl3: makeAl3Sample,
  };
}
