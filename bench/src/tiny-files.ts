import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Files in a folder of the nested layout. */
const FILES_A_FOLDER = 1000;

export interface TinyFiles {
  readonly files: number;
  /** About so many bytes a file: from the first to the second, in turn. */
  readonly bytes: readonly [number, number];
  /** All in one folder, instead of about 1,000 in each. */
  readonly flat: boolean;
}

export interface MadeFiles {
  readonly records: number;
  readonly bytes: number;
}

/** A record of about 50 bytes. */
const record = (id: number): string =>
  `{"id":${id},"kind":"k${id % 7}","score":${(id % 1000) / 8},"ok":true}\n`;

/** Whole records until the size is reached: one at least. */
function fileText(first: number, bytes: number): { text: string; records: number } {
  let text = record(first);
  let records = 1;
  while (text.length < bytes) text += record(first + records++);
  return { text, records };
}

function writeText(path: string, text: string): void {
  const file = openSync(path, 'wx');
  writeSync(file, text);
  closeSync(file);
}

/** Makes small NDJSON files below `folder`, the same ones for the same request. */
export function makeTinyFiles(folder: string, { files, bytes, flat }: TinyFiles): MadeFiles {
  const [least, most] = bytes;
  const made = { records: 0, bytes: 0 };
  for (let n = 0; n < files; n++) {
    const place = flat ? folder : join(folder, `f${String(Math.floor(n / FILES_A_FOLDER)).padStart(4, '0')}`);
    if (n === 0 || (!flat && n % FILES_A_FOLDER === 0)) mkdirSync(place, { recursive: true });
    // A multiple of a prime walks over all sizes.
    const size = least + ((n * 7919) % (most - least + 1));
    const { text, records } = fileText(made.records, size);
    writeText(join(place, `input-${String(n).padStart(7, '0')}.ndjson`), text);
    made.records += records;
    made.bytes += text.length;
  }
  return made;
}
