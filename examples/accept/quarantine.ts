import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { quarantineLine, readZstdLines, type QuarantineLine } from '@winnow/core';

/** Every quarantined record of a run, in order. */
export async function quarantineOf(output: string, runId: string): Promise<QuarantineLine[]> {
  const folder = join(output, '_winnow', runId, 'quarantine');
  if (!existsSync(folder)) return [];
  const lines: QuarantineLine[] = [];
  for (const name of readdirSync(folder).sort())
    for await (const line of readZstdLines(createReadStream(join(folder, name)) as AsyncIterable<Uint8Array>))
      lines.push(quarantineLine.parse(JSON.parse(line)));
  return lines;
}

/** The raw bytes of a quarantined record. */
export const rawOf = ({ raw, rawBase64 }: QuarantineLine): Buffer =>
  raw === undefined ? Buffer.from(rawBase64 ?? '', 'base64') : Buffer.from(raw);
