import { expect, test } from '@jest/globals';
import { EventQueue } from '../../src/backend/event-queue.ts';

test('gives what was pushed before and while it is read, in order, then ends', async () => {
  const queue = new EventQueue<number>();
  queue.push(1);
  queue.push(2);
  const read: number[] = [];
  for await (const event of queue) {
    read.push(event);
    if (event === 2) {
      queueMicrotask(() => queue.push(3));
      queueMicrotask(() => queue.end());
    }
  }
  expect(read).toEqual([1, 2, 3]);
});
