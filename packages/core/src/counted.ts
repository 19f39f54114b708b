/** `1 unit`, `12 units`: a count in a line for people. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
