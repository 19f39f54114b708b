// Columns of nested types: their vectors, and the keys of their structs. A record's value is appended to the vectors at
// once; where the record turns out to be bad, they are put back to what they were.
import { Batch, reserveEntries, Vector, vectorAt } from '../batch';
import { BOOLEAN, STRUCT } from '../column';
import { addColumn, columnAt, KeyedColumn, KeyTable, keyTableFree, keyTableNew } from './keys';

/** The keys of a struct; other nodes have none. */
@unmanaged
export class StructKeys {
  /** 0 where the node is no struct. */
  table: KeyTable;
  /** The field whose key came first last time. */
  first: usize;
}

/** A column of a nested type. */
@unmanaged
export class Tree {
  column: u32;
  /** Its vectors are those from `root` to `root + span`. */
  root: u32;
  span: u32;
  /** Copies of its vectors' counts, as they were before the record with the number `marked`. */
  marks: usize;
  marked: u64;
}

/** What is kept of a vector to put it back. */
@unmanaged
class Mark {
  nulls: u32;
  used: u32;
  length: u32;
}

/** All columns of nested types of a reader. */
@unmanaged
export class Trees {
  batch: usize;
  /** `count` trees. */
  entries: usize;
  count: u32;
  capacity: u32;
  /** `StructKeys` a vector of the batch. */
  structs: usize;
  nodes: u32;
  /** Tree of each column, 0 = plain. */
  ofColumn: usize;
  /** Number of the record in hand. */
  record: u64;
}

export function treesNew(batch: usize, columns: u32, nodes: u32): Trees {
  const trees = changetype<Trees>(heap.alloc(offsetof<Trees>()));
  trees.batch = batch;
  trees.count = 0;
  trees.capacity = columns;
  trees.entries = heap.alloc(<usize>columns * offsetof<Tree>() + 8);
  trees.nodes = nodes;
  trees.structs = heap.alloc(<usize>nodes * offsetof<StructKeys>() + 8);
  memory.fill(trees.structs, 0, <usize>nodes * offsetof<StructKeys>());
  trees.ofColumn = heap.alloc(<usize>columns * sizeof<usize>() + 8);
  memory.fill(trees.ofColumn, 0, <usize>columns * sizeof<usize>());
  trees.record = 0;
  return trees;
}

export function treesFree(trees: Trees): void {
  for (let i: u32 = 0; i < trees.count; i++) heap.free(treeAt(trees, i).marks);
  for (let i: u32 = 0; i < trees.nodes; i++) {
    const table = structKeys(trees, i).table;
    if (changetype<usize>(table)) keyTableFree(table);
  }
  heap.free(trees.entries);
  heap.free(trees.structs);
  heap.free(trees.ofColumn);
  heap.free(changetype<usize>(trees));
}

// @ts-ignore: decorator
@inline
export function treeAt(trees: Trees, index: u32): Tree {
  return changetype<Tree>(trees.entries + <usize>index * offsetof<Tree>());
}

/** Only for columns of nested types. */
// @ts-ignore: decorator
@inline
export function treeOf(trees: Trees, column: u32): Tree {
  return changetype<Tree>(load<usize>(trees.ofColumn + ((<usize>column) << 2)));
}

// @ts-ignore: decorator
@inline
export function structKeys(trees: Trees, node: u32): StructKeys {
  return changetype<StructKeys>(trees.structs + <usize>node * offsetof<StructKeys>());
}

export function addTree(trees: Trees, column: u32, root: u32, span: u32): void {
  const tree = treeAt(trees, trees.count++);
  tree.column = column;
  tree.root = root;
  tree.span = span;
  tree.marks = heap.alloc(<usize>span * offsetof<Mark>());
  tree.marked = 0;
  store<usize>(trees.ofColumn + ((<usize>column) << 2), changetype<usize>(tree));
}

/** Fields must be added in order, behind `addStruct`. */
export function addField(
  trees: Trees,
  struct: u32,
  field: u32,
  node: u32,
  type: u32,
  written: usize,
  writtenLength: u32,
  name: usize,
  nameLength: u32,
): void {
  const keys = structKeys(trees, struct);
  const column = addColumn(keys.table, field, type, written, writtenLength, name, nameLength);
  column.node = node;
}

export function addStruct(trees: Trees, node: u32, fields: u32): void {
  const keys = structKeys(trees, node);
  keys.table = keyTableNew(fields);
  keys.first = changetype<usize>(columnAt(keys.table, 0));
}

/** Fills up with nulls until the vector has `length` entries. */
export function padTo(vector: Vector, length: u32): void {
  const missing = <i32>length - <i32>vector.length;
  if (missing <= 0) return;
  reserveEntries(vector, missing);
  if (vector.offsets) {
    // The end of the entry before, which entries without a value repeat.
    const end = load<u32>(vector.offsets + ((<usize>vector.length) << 2));
    for (let i = vector.length + 1; i <= length; i++) store<u32>(vector.offsets + ((<usize>i) << 2), end);
  }
  vector.nulls += missing;
  vector.length = length;
}

/** Remembers the tree's vectors as they are before the record in hand. */
export function markTree(trees: Trees, tree: Tree): void {
  if (tree.marked == trees.record) return;
  tree.marked = trees.record;
  const batch = changetype<Batch>(trees.batch);
  for (let i: u32 = 0; i < tree.span; i++) {
    const vector = vectorAt(batch, tree.root + i);
    const mark = changetype<Mark>(tree.marks + <usize>i * offsetof<Mark>());
    mark.nulls = vector.nulls;
    mark.used = vector.used;
    mark.length = vector.length;
  }
}

/** Takes back what the record in hand appended. */
export function rollBack(trees: Trees): void {
  const batch = changetype<Batch>(trees.batch);
  for (let t: u32 = 0; t < trees.count; t++) {
    const tree = treeAt(trees, t);
    if (tree.marked != trees.record) continue;
    for (let i: u32 = 0; i < tree.span; i++) {
      const vector = vectorAt(batch, tree.root + i);
      const mark = changetype<Mark>(tree.marks + <usize>i * offsetof<Mark>());
      clearBits(vector.validity, mark.length, vector.length);
      if (vector.type == BOOLEAN) clearBits(vector.values, mark.length, vector.length);
      vector.nulls = mark.nulls;
      vector.used = mark.used;
      vector.length = mark.length;
    }
  }
}

function clearBits(bitmap: usize, from: u32, end: u32): void {
  for (let at = from; at < end; at++) {
    const byte = bitmap + (at >> 3);
    store<u8>(byte, (<u32>load<u8>(byte)) & ~(1 << (at & 7)));
  }
}

/** Gives all vectors as many entries as `rows` rows need: what came in no record is null. */
export function completeTrees(trees: Trees, rows: u32): void {
  const batch = changetype<Batch>(trees.batch);
  for (let t: u32 = 0; t < trees.count; t++) {
    const tree = treeAt(trees, t);
    padTo(vectorAt(batch, tree.root), rows);
    completeBelow(batch, tree.root);
  }
}

/** Elements of lists and maps are complete as they come; fields of structs may lag behind. */
function completeBelow(batch: Batch, node: u32): void {
  const vector = vectorAt(batch, node);
  const end = node + vector.span;
  for (let child = node + 1; child < end; child += vectorAt(batch, child).span) {
    const below = vectorAt(batch, child);
    if (vector.type == STRUCT) padTo(below, vector.length);
    completeBelow(batch, child);
  }
}
