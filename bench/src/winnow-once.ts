/** `node winnow-once.ts DATASET INPUT OUTPUT`: one file through the kernels, in this process. */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { ParquetWriter } from '@winnow/core';
import { Kernel, NdjsonReader, REST_COLUMN, type Column } from '@winnow/kernel';
import { dataset } from './datasets.ts';

const [, , name = '', input = '', output = ''] = process.argv;
const columns: Column[] = [...dataset(name).columns, { name: REST_COLUMN, type: 'text' }];
const file = openSync(output, 'w');
const hash = createHash('sha256');
const kernel = new Kernel();
const reader = new NdjsonReader(kernel, { columns, drift: 'rest', maxRecordBytes: 64 * 2 ** 20 });
const writer = new ParquetWriter(
  kernel,
  { columns, rowGroupRows: 100_000, rowGroupBytes: 32 * 2 ** 20, codec: 'zstd', level: 3 },
  {
    write: (bytes) => {
      hash.update(bytes);
      writeSync(file, bytes);
      return Promise.resolve();
    },
  },
);
reader.startInput(0);
for await (const chunk of createReadStream(input, { highWaterMark: 2 ** 20 })) {
  reader.push(chunk as Buffer);
  for (let batch = reader.next(); batch; batch = reader.next()) await writer.append(batch);
}
reader.endInput();
for (let batch = reader.next(); batch; batch = reader.next()) await writer.append(batch);
const rest = reader.flush();
if (rest) await writer.append(rest);
const { rows } = await writer.finish();
closeSync(file);
const { user, system } = process.cpuUsage();
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ rows, cpuSeconds: (user + system) / 1e6, peakMiB }));
