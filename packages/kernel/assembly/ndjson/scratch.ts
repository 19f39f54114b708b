// Memory that grows and is reused for one thing at a time.
import { SLACK } from '../batch';

@unmanaged
export class Scratch {
  pointer: usize;
  capacity: u32;
}

/** At least `bytes` bytes; what was there before is lost. */
export function room(scratch: Scratch, bytes: u32): usize {
  if (bytes > scratch.capacity) {
    heap.free(scratch.pointer);
    scratch.pointer = heap.alloc(<usize>bytes * 2 + SLACK);
    scratch.capacity = bytes * 2;
  }
  return scratch.pointer;
}

export function scratchNew(bytes: u32): Scratch {
  const scratch = changetype<Scratch>(heap.alloc(offsetof<Scratch>()));
  scratch.pointer = heap.alloc(<usize>bytes + SLACK);
  scratch.capacity = bytes;
  return scratch;
}

export function scratchFree(scratch: Scratch): void {
  heap.free(scratch.pointer);
  heap.free(changetype<usize>(scratch));
}
