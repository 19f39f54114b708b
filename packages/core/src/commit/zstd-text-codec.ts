import { readZstdLines } from '../zstd/lines.ts';
import { TEXT_LEVEL, ZstdTextWriter } from '../zstd/text-writer.ts';
import type { TextCodec } from './text-codec.ts';

/** The text objects of a run (`*.ndjson.zst`) as zstd frames of a fixed decoded size. */
export const zstdTextCodec: TextCodec = {
  writer: (sink) => new ZstdTextWriter(TEXT_LEVEL, sink),
  lines: (bytes) => readZstdLines(bytes),
};
