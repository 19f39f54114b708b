/** Takes text, hands compressed bytes on to its sink. */
export interface TextWriter {
  write(text: string): Promise<void>;
  /** Hands on what is left. To be called once, last. */
  finish(): Promise<unknown>;
}

/** Where compressed bytes go: a pending object, for one. The bytes may be reused after the promise resolves. */
export interface TextSink {
  write(bytes: Uint8Array): Promise<void>;
}

/**
 * How the text objects of a run (`*.ndjson.zst`) are compressed and read: what the close and verify need of it.
 * The same text gives the same bytes, however it is cut into writes.
 */
export interface TextCodec {
  writer(sink: TextSink): TextWriter;
  /** The lines of a compressed text, without their newlines. */
  lines(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string>;
}
