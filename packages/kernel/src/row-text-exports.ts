/** What `assembly/text` exports. */
export interface RowTextExports {
  rowTextNew(nodes: number, format: number, safe: boolean): number;
  rowTextNode(
    text: number,
    index: number,
    type: number,
    parameter: number,
    written: number,
    key: number,
    keyBytes: number,
  ): void;
  rowTextAccepts(text: number, batch: number): number;
  rowTextAppend(text: number, batch: number, from: number): number;
  rowTextFree(text: number): void;
}
