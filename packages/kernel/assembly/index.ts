// Everything that the module exports, by hand. src/exports.ts gives the same list its types.
export {
  rowGroupNew,
  rowGroupNode,
  rowGroupAccepts,
  rowGroupFits,
  rowGroupAppend,
  rowGroupEncode,
  rowGroupPage,
  rowGroupClear,
  rowGroupFree,
} from './parquet/row-group';
export { snappyBound, snappyCompress } from './snappy/compress';
export {
  batchNew,
  batchNode,
  batchClear,
  batchReserve,
  batchReserveEntries,
  batchFree,
  allocate,
  release,
} from './batch';
export { arrayScanNew, arrayScanKey, arrayScanFree } from './json-array/state';
export { arrayScanRun } from './json-array/scan';
export {
  readerNew,
  readerColumn,
  readerTrimSpace,
  readerTree,
  readerStruct,
  readerField,
  readerClearDrift,
  readerFree,
} from './ndjson/reader';
export { readerRead, readerIsFull, readerClear } from './ndjson/read';
export { heldDouble } from './number/exact';
export { putDouble as printDouble } from './text/double';
export { rowTextNew, rowTextNode, rowTextAccepts, rowTextFree } from './text/row-text';
export { rowTextAppend } from './text/rows';
export {
  csvNew,
  csvDialect,
  csvNull,
  csvFields,
  csvField,
  csvTakeDrifted,
  csvAwaitHeader,
  csvFree,
} from './csv/reader';
export { csvRead, csvIsFull, csvClear } from './csv/read';
