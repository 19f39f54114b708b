import { compareKeys } from '../key-order.ts';
import type { ListOptions } from './storage.ts';

/** The last character there is: behind every key that goes on from a folder's name. */
export const LAST_CHARACTER = '\u{10ffff}';

/** What is wanted of a listing. Keys and folders have no `/` at their end. */
export interface ListFilter {
  /** Whether something wanted can lie in a folder. */
  readonly enters: (folder: string) => boolean;
  /** Whether an object is wanted. */
  readonly takes: (key: string) => boolean;
}

/**
 * For storages that have no folders: whether all folders that a key lies in, below the listed one (`''` or ending in `/`),
 * are entered. Neighbours lie in the same ones, so that few are asked for.
 */
export function liesInEntered({ enters }: ListFilter, below: string): (key: string) => boolean {
  let folder = below;
  let verdict = true;
  return (key) => {
    const own = key.slice(0, key.lastIndexOf('/') + 1);
    if (own === folder) return verdict;
    folder = own;
    verdict = true;
    for (
      let slash = own.indexOf('/', below.length);
      slash >= 0 && verdict;
      slash = own.indexOf('/', slash + 1)
    ) {
      verdict = enters(own.slice(0, slash));
    }
    return verdict;
  };
}

/** All conditions of a listing in one. */
export function listFilter(options: ListOptions): ListFilter {
  const { begins = '', after, until } = options;
  const isBehind = (key: string): boolean => after === undefined || compareKeys(key, after) > 0;
  const isBefore = (key: string): boolean => until === undefined || compareKeys(key, until) < 0;
  return {
    enters: (folder) => {
      const begin = `${folder}/`;
      const mayBegin = begin.startsWith(begins) || begins.startsWith(begin);
      const mayBeIn = mayBegin && isBehind(begin + LAST_CHARACTER) && isBefore(begin);
      return mayBeIn && options.enters?.(folder) !== false;
    },
    takes: (key) =>
      key.startsWith(begins) && isBehind(key) && isBefore(key) && options.takes?.(key) !== false,
  };
}
