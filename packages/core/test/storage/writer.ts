/** Run as a process: `writer.ts ROOT KEY LENGTH` writes an object, says so, and commits when told by a line. */
import { once } from 'node:events';
import { storageOpener } from '../../src/storage/open-storage.ts';
import { pattern } from './pattern.ts';

const [root, key, length] = process.argv.slice(2);
const storage = await storageOpener(process.env)(root!);
const object = await storage.create(key!);
await object.write(pattern(Number(length)));
process.stdout.write('written\n');
await once(process.stdin, 'data');
process.stdout.write('committing\n');
await storage.commit([object]);
process.stdout.write('committed\n');
