import { batchRows, Kernel, NdjsonReader, type BadRecord, type CellValue } from '@winnow/kernel';
import { openRecordLines } from '../../src/input/record-lines.ts';
import { inChunks } from './streams.ts';

const kernel = new Kernel();
const scanning = new Kernel();

export interface ReadText {
  readonly layout: string;
  /** `id` and `_rest` of each row. */
  readonly rows: readonly (readonly CellValue[])[];
  readonly bad: readonly Pick<BadRecord, 'offset' | 'line' | 'reason' | 'detail' | 'rawLength' | 'sha256'>[];
  readonly raws: readonly string[];
  readonly blank: number;
  readonly bom: number;
}

export interface TextOptions {
  readonly recordsPath?: readonly string[];
  readonly maxRecordBytes?: number;
  readonly isCut?: boolean;
}

/** Reads a text as a worker does: lines are made of it, then the reader's kernel takes them. */
export async function readText(
  text: string | Uint8Array,
  lengths: readonly number[] = [1 << 20],
  { recordsPath, maxRecordBytes = 1 << 20, isCut = false }: TextOptions = {},
): Promise<ReadText> {
  const bytes = Buffer.from(text);
  const { layout, pieces, origin } = await openRecordLines(asPieces(inChunks(bytes, lengths)), {
    kernel: () => scanning,
    recordsPath,
    isCut,
  });
  const columns = [
    { name: 'id', type: 'int64' as const },
    { name: '_rest', type: 'text' as const },
  ];
  const reader = new NdjsonReader(kernel, { columns, drift: 'rest', maxRecordBytes });
  const rows: (readonly CellValue[])[] = [];
  const bad: BadRecord[] = [];
  const drain = (): void => {
    for (let batch = reader.next(); batch; batch = reader.next()) rows.push(...batchRows(batch));
    bad.push(...reader.takeBad());
  };
  try {
    reader.startInput(0, origin);
    let offset = 0;
    for await (const piece of pieces) {
      let from = 0;
      for (const fault of origin?.takeFaults(offset + piece.bytes.length) ?? []) {
        const at = Math.max(fault.offset - offset, from);
        reader.push(piece.bytes.subarray(from, at));
        drain();
        reader.addFault(fault);
        from = at;
      }
      reader.push(piece.bytes.subarray(from));
      drain();
      offset += piece.bytes.length;
    }
    reader.endInput();
    drain();
    for (const fault of origin?.takeFaults(Infinity) ?? []) reader.addFault(fault);
    drain();
    if (offset !== bytes.length) throw new Error(`${offset} bytes came of ${bytes.length}`);
    const rest = reader.flush();
    if (rest) rows.push(...batchRows(rest));
    const { blank, bom, records, lines } = reader.counts;
    if (lines !== records + blank || records !== rows.length + bad.length) throw new Error('counts differ');
    return {
      layout,
      rows,
      bad: bad.map(({ offset, line, reason, detail, rawLength, sha256 }) => ({
        ...{ offset, line, reason, detail, rawLength, sha256 },
      })),
      raws: bad.map(({ raw }) => Buffer.from(raw).toString('latin1')),
      blank,
      bom,
    };
  } finally {
    reader.dispose();
  }
}

async function* asPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<{ bytes: Uint8Array }> {
  for await (const bytes of chunks) yield { bytes };
}
