import type {} from './webassembly.ts';
import type { ReaderExports } from './reader-exports.ts';

/** What `assembly/index.ts` exports. Pointers and counts are numbers; read them with `>>> 0`. */
export interface KernelExports extends ReaderExports {
  readonly memory: WebAssembly.Memory;
  batchNew(columns: number, rowCapacity: number): number;
  batchColumn(batch: number, index: number, type: number): void;
  batchClear(batch: number): void;
  batchFree(batch: number): void;
  batchReserve(batch: number, index: number, bytes: number): void;
  allocate(bytes: number): number;
  release(pointer: number): void;
  rowGroupNew(columns: number, rowLimit: number, byteLimit: number): number;
  rowGroupColumn(group: number, index: number, type: number): void;
  rowGroupAccepts(group: number, batch: number): number;
  rowGroupFits(group: number, batch: number, from: number): number;
  rowGroupAppend(group: number, batch: number, from: number, rows: number): void;
  rowGroupEncode(group: number, index: number): number;
  rowGroupClear(group: number): void;
  rowGroupFree(group: number): void;
}
