import { mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigurationError, diskStorage } from '@winnow/core';
import { bytesText } from '../report/figures.ts';
import { failedBy, finding, ok, type Finding } from './finding.ts';
import { probeWrites } from './probe-writes.ts';

/** Below it a run of any size may not end; what one needs is in its plan. */
const LITTLE_BYTES = 2 ** 30;

/** Whether a folder can be an output: in a folder of its own there, or in the one that it will be made in, gone at the end. */
export async function lookAtFolder(root: string): Promise<Finding[]> {
  const place = await folderOrAbove(root);
  const { bavail, bsize } = await statfs(place);
  const disk = freeFinding(place, bavail * bsize);
  let own: string;
  try {
    own = await mkdtemp(join(place, '.winnow-doctor-'));
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const hint = 'choose another folder, or mend its permissions';
    return [finding('output', 'failed', `${place} cannot be written to (${code})`, hint), disk];
  }
  try {
    const { createsOnce, replacesThatVersion } = await probeWrites(diskStorage(own), 'probe');
    const what = place === root ? `${root} can be written to` : `${root} can be made in ${place}`;
    return [
      createsOnce && replacesThatVersion
        ? ok('output', `${what}; its file system has link() and fsync()`)
        : finding('output', 'failed', `${place} lets one name be made twice`, 'choose another file system'),
      disk,
    ];
  } catch (error) {
    return [failedBy('output', error), disk];
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** The folder, or the nearest one above it that is there: what is missing is made by a run. */
async function folderOrAbove(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return folderOrAbove(dirname(path));
    throw error;
  }
  throw new ConfigurationError(`--output must be a folder that can be written to, ${path} is no folder`, {
    hint: 'choose another folder',
  });
}

function freeFinding(place: string, freeBytes: number): Finding {
  const what = `${bytesText(freeBytes)} are free at ${place}`;
  return freeBytes < LITTLE_BYTES
    ? finding('disk', 'warning', what, 'winnow plan tells how much there is to read')
    : ok('disk', what);
}
