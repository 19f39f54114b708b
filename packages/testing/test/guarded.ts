// Starts three processes that never end, tells their ids, and waits to be killed.
import { spawn } from 'node:child_process';
import { startGuardian } from '../src/guardian.ts';

const guardian = startGuardian();
const pids = [1, 2, 3].map(() => {
  const pid = spawn('sleep', ['100000'], { detached: true, stdio: 'ignore' }).pid ?? 0;
  guardian.watch(-pid);
  return pid;
});
guardian.release(-(pids[1] ?? 0));
console.log(JSON.stringify(pids));
setInterval(() => undefined, 1000);
