import { chown, chmod } from 'node:fs/promises';

/** nobody, on every Linux. */
const NOBODY = 65_534;

const isRoot = process.getuid?.() === 0;

/** Options of `spawn` for a process that permissions hold for: root's own are none. */
export const ORDINARY: { readonly uid?: number; readonly gid?: number } = isRoot
  ? { uid: NOBODY, gid: NOBODY }
  : {};

/** Makes a file or folder the ordinary user's own. */
export async function giveTo(path: string): Promise<void> {
  if (isRoot) await chown(path, NOBODY, NOBODY);
}

/** Makes it somebody else's, who lets nobody in: root's, or, where we are not root, our own with the permissions of such. */
export async function withhold(path: string, mode: number): Promise<void> {
  if (isRoot) await chown(path, 0, 0);
  await chmod(path, mode);
}
