import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { jsonSchemas } from '../../src/shapes/json-schemas.ts';

const folder = new URL('../../schemas/', import.meta.url);

test('the published schemas are those of the shapes: else run npm run schemas -w @winnow/core', () => {
  const published = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]);
  expect(Object.fromEntries(published)).toEqual(jsonSchemas());
});

test('a reader of a report is promised the sums, and nothing forbids later fields', () => {
  const report = JSON.parse(jsonSchemas()['report.schema.json'] ?? '') as {
    required: string[];
    additionalProperties?: unknown;
  };
  expect(report.required).toEqual(
    expect.arrayContaining(['runId', 'state', 'balanced', 'records', 'bytes', 'parts']),
  );
  expect(report.additionalProperties).toBeUndefined();
});
