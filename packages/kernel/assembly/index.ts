// Everything that the module exports, by hand. src/exports.ts gives the same list its types.
export {
  rowGroupNew,
  rowGroupColumn,
  rowGroupAccepts,
  rowGroupFits,
  rowGroupAppend,
  rowGroupEncode,
  rowGroupClear,
  rowGroupFree,
} from './parquet/row-group';
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
export { printDouble } from './number/print';
export { heldDouble } from './number/exact';
