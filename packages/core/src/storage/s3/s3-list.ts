import { compareKeys } from '../../key-order.ts';
import { StorageError } from '../../errors.ts';
import { LAST_CHARACTER, type ListFilter } from '../list-filter.ts';
import { PageRoom, PagesAhead } from './pages-ahead.ts';
import type { ListedObject, Page, ReadPage } from './s3-pages.ts';

/** Pages held ahead of their turn, 1,000 objects each: some 12 MB. */
const PAGES_AHEAD = 48;
/** Folders that are listed at once: at a tenth of a second a page, what one core can take. */
const FOLDERS_AHEAD = 5;

/**
 * A page with more folders than this goes on page by page: they are small, and each would cost a request of its own for
 * less than a quarter of what a page holds.
 */
const MOST_FOLDERS_TO_SPLIT = 4;

/** The keys that begin with `prefix`, behind `after` and before `until`. */
export interface KeyRange {
  readonly prefix: string;
  readonly after?: string | undefined;
  readonly until?: string | undefined;
}

/**
 * All wanted objects of a range, in byte order, in the memory of some pages.
 *
 * S3 gives 1,000 keys a request, one request after the other. So a listing that goes on behind a page is split where it
 * can be: its folders are listed ahead of their turn, several at once, each by the same rule, and taken in their order.
 *
 * | the page that does not end the listing  | then                                                  |
 * |-----------------------------------------|-------------------------------------------------------|
 * | ends inside a folder, and holds few     | the rest of that folder and those behind it, at once  |
 * | holds many folders: they are small      | goes on page by page                                  |
 * | ends with a key that is in no folder    | goes on page by page                                  |
 * | ends inside a folder that is not wanted | goes on behind that folder                            |
 *
 * @throws StorageError `failed` where the keys come in another order, for a plan rests on it
 */
export async function* listObjects(
  readPage: ReadPage,
  range: KeyRange,
  filter: ListFilter,
): AsyncGenerator<ListedObject> {
  const isBeyond = (key: string): boolean => range.until !== undefined && compareKeys(key, range.until) >= 0;
  const walk: Walk = { readPage, filter, isBeyond, room: new PageRoom(PAGES_AHEAD) };
  let last: string | undefined;
  for await (const objects of pagesOf(walk, range)) {
    for (const object of objects) {
      if (last !== undefined && compareKeys(last, object.key) >= 0) throw outOfOrder(last, object.key);
      last = object.key;
      if (isBeyond(last)) return;
      if (filter.takes(object.key)) yield object;
    }
  }
}

const outOfOrder = (last: string, key: string): StorageError =>
  new StorageError('failed', 'list', key, `comes behind ${last}, but keys must come in byte order`, {
    hint: 'use a store that lists in the order of the UTF-8 bytes, as S3 does',
  });

interface Walk {
  readonly readPage: ReadPage;
  readonly filter: ListFilter;
  readonly isBeyond: (key: string) => boolean;
  readonly room: PageRoom;
}

type Objects = readonly ListedObject[];

/** Page by page, until what is left is worth splitting. */
async function* pagesOf(walk: Walk, { prefix, after }: KeyRange): AsyncGenerator<Objects> {
  let seen = after;
  /** The last key seen that lies in no folder: from there on folders can be listed. */
  let loose: string | undefined;
  for (;;) {
    const page = await walk.readPage({ prefix, after: seen });
    yield page.objects;
    const end = page.objects.at(-1)?.key;
    if (page.token === undefined || end === undefined || walk.isBeyond(end)) return;
    loose = page.objects.findLast(({ key }) => folderOf(key, prefix) === undefined)?.key ?? loose;
    const folder = folderOf(end, prefix);
    seen = folder === undefined || walk.filter.enters(folder.slice(0, -1)) ? end : folder + LAST_CHARACTER;
    if (folder === undefined || foldersIn(page, prefix) > MOST_FOLDERS_TO_SPLIT) continue;
    yield* folderByFolder(walk, { prefix, after: seen, from: loose });
    return;
  }
}

interface RestOfRange {
  readonly prefix: string;
  readonly after: string;
  /** A key at or before `after` that lies in no folder. */
  readonly from: string | undefined;
}

/** Behind `after`: objects that lie in no folder as they come, folders ahead of their turn. */
async function* folderByFolder(walk: Walk, { prefix, after, from }: RestOfRange): AsyncGenerator<Objects> {
  const waiting: (Objects | PagesAhead<Objects>)[] = [];
  const items = itemsOf(walk.readPage, prefix, from);
  const isWanted = (folder: string): boolean =>
    (after.startsWith(folder) || compareKeys(folder, after) > 0) &&
    !walk.isBeyond(folder) &&
    walk.filter.enters(folder.slice(0, -1));
  const take = (item: Objects | string): void => {
    if (typeof item !== 'string') {
      waiting.push(item.filter(({ key }) => compareKeys(key, after) > 0));
    } else if (isWanted(item)) {
      const range = { prefix: item, after: after.startsWith(item) ? after : undefined };
      const folder = new PagesAhead(pagesOf(walk, range), walk.room);
      folder.begin();
      waiting.push(folder);
    }
  };
  try {
    for (let ended = false; ;) {
      while (!ended && waiting.length < FOLDERS_AHEAD) {
        const next = await items.next();
        if (next.done === true) ended = true;
        else take(next.value);
      }
      const first = waiting.shift();
      if (first === undefined) return;
      if (first instanceof PagesAhead) yield* first.take();
      else yield first;
    }
  } finally {
    await items.return(undefined);
    for (const item of waiting) if (item instanceof PagesAhead) await item.end();
  }
}

/** In their order: objects that lie in no folder, as many as stand together, and folders. */
async function* itemsOf(
  readPage: ReadPage,
  prefix: string,
  after: string | undefined,
): AsyncGenerator<Objects | string> {
  let token: string | undefined;
  do {
    const page = await readPage({ prefix, after, token, folders: true });
    let at = 0;
    for (const folder of page.folders) {
      const from = at;
      for (let next = page.objects[at]; next && compareKeys(next.key, folder) < 0; next = page.objects[at])
        at++;
      if (at > from) yield page.objects.slice(from, at);
      yield folder;
    }
    if (at < page.objects.length) yield page.objects.slice(at);
    token = page.token;
  } while (token !== undefined);
}

/** The folder right below the prefix that a key lies in, with its `/`. */
function folderOf(key: string, prefix: string): string | undefined {
  const slash = key.indexOf('/', prefix.length);
  return slash < 0 ? undefined : key.slice(0, slash + 1);
}

const foldersIn = ({ objects }: Page, prefix: string): number =>
  new Set(objects.map(({ key }) => folderOf(key, prefix))).size;
