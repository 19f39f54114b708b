// Everything that the module exports, by hand. src/exports.ts gives the same list its types.
export { batchNew, batchColumn, batchClear, batchReserve, allocate, release } from './batch';
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
