import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

export interface SuiteEnded {
  readonly title: string;
  readonly passed: boolean;
  readonly seen: string;
  readonly seconds: number;
}

/** As much of what Jest's `--json` tells as is used here. */
interface JestResults {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/** Runs suites over AWS Batch, whose containers are of that image. */
export function runSuites(root: string, names: readonly string[], image: string): SuiteEnded[] {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-e2e-'));
  const results = join(folder, 'results.json');
  const patterns = names.map((name) => `packages/orchestrator/test/aws/${name}\\.aws`);
  try {
    const args = [...JEST, '-c', 'jest.aws.config.js', '-i', '--json', '--outputFile', results, ...patterns];
    spawnSync(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, WINNOW_TEST_IMAGE: image },
    });
    const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as JestResults;
    return testResults.map(({ name, status, startTime, endTime, assertionResults }) => {
      const passed = assertionResults.filter((result) => result.status === 'passed').length;
      return {
        title: `AWS Batch: ${basename(name, '.aws.test.ts')}`,
        // One that did not even load has no failed test.
        passed: status === 'passed' && passed > 0,
        seen: `${passed} of ${assertionResults.length}`,
        seconds: (endTime - startTime) / 1000,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
