// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- tests are compiled without the package's own include
/// <reference path="./picomatch.d.ts" />
import picomatch from 'picomatch';
import type { ListOptions } from '../storage/storage.ts';

export interface Glob {
  /** The folders above its first wildcard, as given: '' for none. */
  readonly base: string;
  /** What to list below the base. */
  readonly wanted: Pick<ListOptions, 'begins' | 'enters' | 'takes'>;
}

/** Hidden names match only where the pattern has the dot, and `!` at its start is a `!`: as in a shell. */
const OPTIONS = { dot: false, nonegate: true } as const;

/**
 * Which folders may hold what the pattern means: folder by folder up to the first `**`. Patterns whose `/` may stand
 * inside braces or parentheses are not looked through: they enter every folder.
 */
function folderFilter(pattern: string): (folderKey: string) => boolean {
  if (/[{}()\\]/.test(pattern)) return () => true;
  const segments = pattern.split('/').slice(0, -1);
  const globstar = segments.findIndex((segment) => segment.includes('**'));
  const fixed = globstar === -1 ? segments : segments.slice(0, globstar);
  const matchers = fixed.map((segment) => picomatch(segment, OPTIONS));
  const deepest = globstar === -1 && !pattern.includes('**') ? segments.length : Infinity;
  return (folderKey) => {
    const names = folderKey.split('/');
    return names.length <= deepest && names.every((name, depth) => matchers[depth]?.(name) ?? true);
  };
}

/** Reads a glob (`*`, `**`, `?`, `[x]`, `{a,b}`); undefined where it holds no wildcard. */
export function parseGlob(pattern: string): Glob | undefined {
  const { base, glob, isGlob } = picomatch.scan(pattern, OPTIONS);
  if (!isGlob) return undefined;
  return {
    base: base.replace(/\\(.)/g, '$1'),
    wanted: {
      begins: /^[^*?[\]{}()!+@|\\]*/.exec(glob)?.[0] ?? '',
      takes: picomatch(glob, OPTIONS),
      enters: folderFilter(glob),
    },
  };
}
