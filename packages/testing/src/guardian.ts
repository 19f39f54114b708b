import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Kills what was started and is still there when this process has ended, in whatever way: no killed test leaves any behind. */
export interface Guardian {
  /** A process id; negative, a process group. */
  watch(target: number): void;
  /** Of one that has ended by itself, and that was watched. */
  release(target: number): void;
  /** Kills what is still watched. */
  stop(): Promise<void>;
}

/** Reads what to watch and what to release until its input ends, as it does with the process that holds the other end. */
const SCRIPT = `
left=' '
while read -r what target; do
  if [ "$what" = watch ]; then left="$left$target "
  else left="\${left%% $target *} \${left#* $target }"
  fi
done
for target in $left; do kill -9 "$target"; done
`;

export function startGuardian(): Guardian {
  // In a session of its own: Ctrl-C in a terminal must not end it before its work.
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(shell, 'close');
  // Where somebody has killed it nothing is guarded any more; that is no reason to fail.
  shell.stdin.on('error', () => undefined);
  return {
    watch: (target) => shell.stdin.write(`watch ${target}\n`),
    release: (target) => shell.stdin.write(`release ${target}\n`),
    stop: async () => {
      shell.stdin.end();
      await ended;
    },
  };
}
