/** Writes `schemas/` anew from the zod shapes: `npm run schemas -w @winnow/core`. A test fails when it is not current. */
import { writeFileSync } from 'node:fs';
import { jsonSchemas } from '../src/shapes/json-schemas.ts';

for (const [name, text] of Object.entries(jsonSchemas())) {
  writeFileSync(new URL(`../schemas/${name}`, import.meta.url), text);
}
