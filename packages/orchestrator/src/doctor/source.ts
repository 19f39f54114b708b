import type { Source } from '@winnow/core';
import { finding, ok, type Finding } from './finding.ts';

/** Whether a source can be listed, and its first input be read. */
export async function lookAtSource(source: Source): Promise<Finding[]> {
  for await (const { key, size, refuse } of source.list()) {
    if (refuse !== undefined)
      return [
        finding(
          'source',
          'warning',
          `${source.description}: ${key} would be refused (${refuse})`,
          'see plan',
        ),
      ];
    if (size > 0) for await (const _ of source.storage.read(key, { end: 1 })) break;
    return [ok('source', `${source.description} can be listed, and its first input ${key} be read`)];
  }
  return [];
}
