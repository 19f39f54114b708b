/**
 * `npm run demo`: makes a sample archive, runs the main job on it as a user would, and looks at what came out.
 * Everything happens in ./winnow-demo, which is made anew each time.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

const FOLDER = 'winnow-demo';
const winnow = fileURLToPath(new URL('../../packages/orchestrator/bin/winnow.js', import.meta.url));

/** Runs a command as a user would type it; ends the demo where it fails. */
function run(...args: string[]): void {
  console.log(`\n$ npx winnow ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [winnow, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

interface Manifest {
  readonly records: { readonly good: number; readonly bad: number };
}

rmSync(FOLDER, { recursive: true, force: true });
run(...`sample ndjson --output ${FOLDER}/in --files 12 --records 200000 --seed 1 --bad 9 --drift`.split(' '));
run(
  ...`run --source ${FOLDER}/in --output ${FOLDER}/out --schema ${FOLDER}/in.schema.yaml --max-quarantined 9`.split(
    ' ',
  ),
);
run('verify', `${FOLDER}/out`);

const manifest = JSON.parse(readFileSync(`${FOLDER}/in.manifest.json`, 'utf8')) as Manifest;
const parts = readdirSync(`${FOLDER}/out`).filter((name) => name.endsWith('.parquet'));
let rows = 0;
for (const part of parts) {
  const file = await asyncBufferFromFile(`${FOLDER}/out/${part}`);
  rows += (await parquetReadObjects({ file, compressors, columns: ['id'] })).length;
}
console.log(
  `\nA reader that is not ours counts ${rows} rows; the sample has ${manifest.records.good} good records.`,
);
if (rows !== manifest.records.good) {
  console.error('demo: the counts differ');
  process.exitCode = 1;
}
console.log(`
The output lies in ${FOLDER}/out, everything about the run in ${FOLDER}/out/_winnow. Look at it, for example:
  npx winnow report ${FOLDER}/out
  duckdb -c "FROM '${FOLDER}/out/*.parquet' LIMIT 10"
The same run again finds nothing to do; put another file into ${FOLDER}/in, and it does only that one.`);
