/**
 * The main job from TypeScript: `node examples/library/run.ts SOURCE OUTPUT`.
 * Ctrl-C stops it at the next border; the same call again goes on.
 */
import { plan, run } from '@winnow/orchestrator';

const [, , source = './in', output = './out'] = process.argv;
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

const expected = await plan({ source });
console.log(`${expected.inputs} inputs in ${expected.units} units`);

const running = run({ source, output, maxQuarantined: '1%' }, { signal: stop.signal });
for await (const event of running.events) {
  if (event.kind === 'committed') console.log(`unit ${event.unit}: ${event.records} records`);
}
const ended = await running.result;
console.log(ended.kind === 'ran' ? ended.report.records : 'nothing to do');
