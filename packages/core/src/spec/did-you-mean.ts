/** Edits (insert, remove, replace, swap of neighbours) that turn `a` into `b`. */
function distance(a: string, b: string): number {
  const row = (length: number): number[] => Array.from({ length: length + 1 }, (_, index) => index);
  let beforeLast: number[] = [];
  let last = row(b.length);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      current[j] = Math.min(
        (last[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

const letters = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The candidate that `name` was probably meant to be: at most a third of it is wrong. Case and dashes count nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const meant = letters(name);
  let best: string | undefined;
  let fewest = Math.floor(Math.max(meant.length, 3) / 3) + 1;
  for (const candidate of candidates) {
    const edits = distance(meant, letters(candidate));
    if (edits >= fewest) continue;
    fewest = edits;
    best = candidate;
  }
  return best;
}
