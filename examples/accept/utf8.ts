import { readFileSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { checkRun, type Check } from './check.ts';
import { rawOf } from './quarantine.ts';
import { runMirror } from './run-mirror.ts';

/** Lines of good and bad UTF-8, each as a text of a record: the bad ones are put aside with their bytes. */
export async function acceptUtf8(data: string, scratch: string): Promise<Check[]> {
  const source = join(scratch, 'kuhn.ndjson');
  const lines = linesOf(readFileSync(join(data, 'utf8/kuhn-UTF-8-test.txt')));
  const records = lines.map((line) =>
    Buffer.concat([Buffer.from('{"text":"'), escaped(line), Buffer.from('"}')]),
  );
  writeFileSync(source, Buffer.concat(records.flatMap((record) => [record, Buffer.from('\n')])));
  const run = await runMirror(source, join(scratch, 'kuhn'));
  const good = lines.filter((line) => isUtf8(line)).map((line) => line.toString());
  const bad = records.filter((record) => !isUtf8(record));
  const put = run.quarantined('kuhn.ndjson');
  const same = put.filter(
    (line, index) => bad[index]?.equals(rawOf(line)) === true && line.reason === 'invalid-utf8',
  );
  const texts = run.written('kuhn.ndjson').map((record) => record['text']);
  return [
    checkRun(
      'UTF-8',
      'good lines altered',
      0,
      good.filter((text, index) => text !== texts[index]).length + Math.abs(good.length - texts.length),
    ),
    checkRun('UTF-8', 'bad lines put aside', bad.length, same.length),
    checkRun('UTF-8', 'exit code', 1, run.code),
  ];
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    lines.push(bytes.subarray(at, end < 0 ? bytes.length : end));
    at = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

/** Bytes that a JSON string may not hold as they are, escaped one by one; all others stay. */
function escaped(line: Buffer): Buffer {
  const pieces = [...line].map((byte) => {
    if (byte < 0x20) return Buffer.from(`\\u${byte.toString(16).padStart(4, '0')}`);
    return byte === 0x22 || byte === 0x5c ? Buffer.from([0x5c, byte]) : Buffer.from([byte]);
  });
  return Buffer.concat(pieces);
}
