/** What `assembly/ndjson/reader.ts` and `read.ts` export. */
export interface ReaderExports {
  readerNew(
    columns: number,
    nodes: number,
    policy: number,
    rowCapacity: number,
    maxBatchBytes: number,
    maxRecordBytes: number,
  ): number;
  readerColumn(
    reader: number,
    index: number,
    type: number,
    written: number,
    writtenLength: number,
    name: number,
    nameLength: number,
  ): void;
  readerTree(reader: number, column: number, root: number, span: number): void;
  readerStruct(reader: number, node: number, fields: number): void;
  readerField(
    reader: number,
    struct: number,
    field: number,
    node: number,
    type: number,
    written: number,
    writtenLength: number,
    name: number,
    nameLength: number,
  ): void;
  readerRead(reader: number, start: number, end: number, checkUtf8: boolean): number;
  readerIsFull(reader: number): number;
  readerClear(reader: number): void;
  readerClearDrift(reader: number): void;
  readerTrimSpace(reader: number, trims: boolean): void;
  readerFree(reader: number): void;
}
