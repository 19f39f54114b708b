import { describe } from '@jest/globals';
import type { StorageUnderTest } from '../../storage/contract.ts';
import { atOnceSuite } from './at-once.ts';
import { clearingSuite } from './clearing.ts';
import { closeSuite } from './close.ts';
import { commitSubUnitSuite } from './commit-sub-unit.ts';
import { freshStorages, type FreshStorage } from './fresh-storage.ts';
import { generationsSuite } from './generations.ts';
import { mirrorReplaceSuite } from './mirror-replace.ts';
import { objectsSuite } from './objects.ts';
import { replaceSuite } from './replace.ts';
import { runFileSuite } from './run-file.ts';
import { submissionsSuite } from './submissions.ts';
import { verifySuite } from './verify.ts';

const SUITES: readonly (readonly [string, (fresh: FreshStorage) => void])[] = [
  ['objects', objectsSuite],
  ['plan and run.json', runFileSuite],
  ['generations', generationsSuite],
  ['submissions', submissionsSuite],
  ['commit of a sub-unit', commitSubUnitSuite],
  ['close', closeSuite],
  ['verify', verifySuite],
  ['gc', clearingSuite],
  ['commands at once', atOnceSuite],
  ['a run that replaces', replaceSuite],
  ['a run that replaces in mirror', mirrorReplaceSuite],
];

/** The commit protocol over a storage: what it promises, seen through nothing but the storage itself. */
export function protocolSuite(name: string, make: () => Promise<StorageUnderTest>): void {
  describe(`the commit protocol over ${name}`, () => {
    const fresh = freshStorages(make);
    for (const [part, suite] of SUITES)
      describe(part, () => {
        suite(fresh);
      });
  });
}
