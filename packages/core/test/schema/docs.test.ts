import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readSchema } from '../../src/schema/read-schema.ts';
import { parseOrderedYaml } from '../../src/spec/yaml-text.ts';

const PAGE = readFileSync(new URL('../../../../docs/schema.md', import.meta.url), 'utf8');
const samples = [...PAGE.matchAll(/```(yaml|json)\n(.*?)```/gs)].map(([, language = '', text = '']) => ({
  language,
  text,
}));

test('every schema on the page about schemas can be read', () => {
  expect(samples.map(({ language }) => language)).toEqual(['yaml', 'json']);
  for (const { text } of samples) {
    const { columns, problems } = readSchema(parseOrderedYaml(text, 'it', ''));
    expect(problems).toEqual([]);
    expect(columns.length).toBeGreaterThan(3);
  }
});
