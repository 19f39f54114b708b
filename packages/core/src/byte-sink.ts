/** Where a file's bytes go, in order. */
export interface ByteSink {
  /** Resolves when more may be written. The bytes may be reused by the caller afterwards, not before. */
  write(bytes: Uint8Array): Promise<void>;
}
