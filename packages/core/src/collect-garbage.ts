import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Has the JavaScript engine collect all garbage now. It lets its heap grow by the machine's memory, knows nothing of a limit
 * of ours, and memory outside of the heap (a kernel that was replaced, buffers of the network) waits for it too.
 */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
