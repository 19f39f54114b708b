import { expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import { readFileSync } from 'node:fs';

// Plain JavaScript without types: it runs on Nodes that know nothing of them.
const file = new URL('../../bin/check-node.js', import.meta.url).href;
const { nodeProblem } = (await import(file)) as {
  nodeProblem: (version: string, hasZstd: boolean) => string;
};

const WAY_OUT = 'run it as `npx winnow` inside the project, which brings its own, or install Node 24';

test.each([
  ['24.21.0', true, ''],
  ['25.0.0', true, ''],
  ['v24', true, `winnow: needs Node 24 or later, this is Node v24: ${WAY_OUT}`],
  ['20.19.5', true, `winnow: needs Node 24 or later, this is Node 20.19.5: ${WAY_OUT}`],
  ['12.22.12', false, `winnow: needs Node 24 or later, this is Node 12.22.12: ${WAY_OUT}`],
  [
    '24.0.0',
    false,
    `winnow: needs a Node whose zlib has zstd, this build of Node 24.0.0 has none: ${WAY_OUT}`,
  ],
])('Node %s with zstd %s', (version, hasZstd, line) => {
  expect(nodeProblem(version, hasZstd)).toBe(line);
});

test.each(['winnow.js', 'check-node.js'])('%s is written so that Node 12 can read it', (file) => {
  const source = readFileSync(new URL(`../../bin/${file}`, import.meta.url), 'utf8');
  const rules = { languageOptions: { ecmaVersion: 2019, sourceType: 'module' } } as const;
  // import() came with Node 12.17 and ES2020: nothing else of ES2020 is there.
  expect(new Linter().verify(source.replace('import(', 'load('), rules)).toEqual([]);
  expect(source).not.toMatch(/from 'node:/);
});
