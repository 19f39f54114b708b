import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inspected, printed } from './docker.ts';

type Manifest = readonly { readonly Layers: readonly string[] }[];

/** Compressed bytes of each layer that an image has above another one, as a registry keeps them. */
export function layersAbove(base: string, image: string): number[] {
  const layersOf = (name: string): string[] => inspected(name, '.RootFS.Layers') as string[];
  const [below, all] = [layersOf(base), layersOf(image)];
  if (below.some((layer, at) => layer !== all[at])) throw new Error(`${image} does not stand on ${base}`);
  const folder = mkdtempSync(join(tmpdir(), 'winnow-layers-'));
  try {
    const saved = join(folder, 'image.tar');
    printed('save', '--output', saved, image);
    const { status, stderr } = spawnSync('tar', ['-xf', saved, '-C', folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`tar: ${stderr}`);
    const [manifest] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
    return (manifest?.Layers ?? [])
      .slice(below.length)
      .map((layer) => gzipSync(readFileSync(join(folder, layer))).length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
