/** What `assembly/csv` exports. */
export interface CsvExports {
  csvNew(
    columns: number,
    nodes: number,
    policy: number,
    rowCapacity: number,
    maxBatchBytes: number,
    maxRecordBytes: number,
    printsBack: boolean,
    fillsShort: boolean,
    nulls: number,
  ): number;
  csvDialect(
    reader: number,
    delimiter: number,
    quote: number,
    escape: number,
    comment: number,
    newline: number,
    skipsBlank: boolean,
  ): void;
  csvNull(reader: number, text: number, length: number): void;
  csvFields(reader: number, count: number): void;
  csvField(reader: number, index: number, column: number, name: number, nameLength: number): void;
  csvTakeDrifted(reader: number, index: number): number;
  csvAwaitHeader(reader: number, awaits: boolean): void;
  csvRead(reader: number, start: number, end: number, isLast: boolean, checkUtf8: boolean): number;
  csvIsFull(reader: number): number;
  csvClear(reader: number): void;
  csvFree(reader: number): void;
}
