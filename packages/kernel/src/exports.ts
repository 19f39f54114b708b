import type {} from './webassembly.ts';
import type { CsvExports } from './csv-exports.ts';
import type { ReaderExports } from './reader-exports.ts';
import type { RowTextExports } from './row-text-exports.ts';

/** What `assembly/index.ts` exports. Pointers and counts are numbers; read them with `>>> 0`. */
export interface KernelExports extends CsvExports, ReaderExports, RowTextExports {
  readonly memory: WebAssembly.Memory;
  batchNew(columns: number, nodes: number, rowCapacity: number): number;
  batchNode(
    batch: number,
    node: number,
    column: number,
    type: number,
    span: number,
    parameter: number,
    isRoot: boolean,
    rowwise: boolean,
  ): void;
  batchClear(batch: number): void;
  batchFree(batch: number): void;
  batchReserve(batch: number, node: number, bytes: number): void;
  batchReserveEntries(batch: number, node: number, entries: number): void;
  allocate(bytes: number): number;
  release(pointer: number): void;
  arrayScanNew(pathLength: number): number;
  arrayScanKey(scan: number, index: number, key: number, length: number): void;
  arrayScanRun(scan: number, start: number, end: number, taken: number): number;
  arrayScanFree(scan: number): void;
  heldDouble(pointer: number, length: number): number;
  printDouble(to: number, value: number): number;
  rowGroupNew(columns: number, nodes: number, leaves: number, rowLimit: number, byteLimit: number): number;
  rowGroupNode(
    group: number,
    root: number,
    type: number,
    span: number,
    parameter: number,
    plainOnly: boolean,
  ): void;
  rowGroupAccepts(group: number, batch: number): number;
  rowGroupFits(group: number, batch: number, from: number): number;
  rowGroupAppend(group: number, batch: number, from: number, rows: number): void;
  rowGroupEncode(group: number, leaf: number): number;
  rowGroupPage(group: number): number;
  rowGroupClear(group: number): void;
  rowGroupFree(group: number): void;
  snappyBound(bytes: number): number;
  snappyCompress(from: number, bytes: number, to: number): number;
}
