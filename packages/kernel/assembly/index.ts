// Everything that the module exports, by hand. src/exports.ts gives the same list its types.
export { batchNew, batchColumn, batchClear, batchReserve, allocate, release } from './batch';
