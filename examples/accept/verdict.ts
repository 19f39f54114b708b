import type { Reader } from './reader.ts';

/** What each reader says about one thing, by its name. */
export type Verdict = Readonly<Record<string, unknown>>;

export async function ask(
  readers: readonly Reader[],
  question: (reader: Reader) => Promise<unknown>,
): Promise<Verdict> {
  const verdict: Record<string, unknown> = {};
  for (const reader of readers) {
    try {
      verdict[reader.name] = await question(reader);
    } catch (error) {
      verdict[reader.name] = `cannot be read: ${(error as Error).message}`;
    }
  }
  return verdict;
}
