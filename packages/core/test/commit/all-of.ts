/** Everything that an async iterable gives (Array.fromAsync is not in the library that the compiler knows). */
export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
