/**
 * Loaded into the command and its workers by `node --import`, before anything of theirs: makes some of their calls to
 * the file system fail or slow, in an order that hangs on a seed, and notes each. The product has no hook for it.
 *
 * Nothing of the product may be imported here: it would take hold of calls that do not fail.
 */
import fs from 'node:fs';
import fsPromises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../src/sample/random.ts';
import { readStorageChaos } from './chaos-environment.ts';
import { drawFault, type Fault, type FaultyCall } from './fault-draw.ts';
import { commitLine, committedBy, faultLine } from './journal.ts';

type Call = (...values: unknown[]) => Promise<unknown>;
type Callback = (error: unknown, ...results: unknown[]) => void;
type CallbackCall = (...values: unknown[]) => void;

const SLOW_MS = 60;

const chaos = readStorageChaos(process.env);
// Twins and later attempts draw other faults; the same process of the same attempt the same ones.
const shard = Number(process.env['WINNOW_SHARD_BASE'] ?? 997);
const submission = Number(process.env['WINNOW_SUBMISSION'] ?? 991);
const random = createRandom(chaos.seed * 7919 + submission * 1009 + shard);
const note = (line: string): void => fs.appendFileSync(chaos.journal, line);
const command = process.ppid;

const isOurs = (path: unknown): path is string | Buffer =>
  (typeof path === 'string' || Buffer.isBuffer(path)) && String(path).startsWith(`${chaos.folder}/`);

const NEED_SPACE: readonly FaultyCall[] = ['write', 'sync', 'link'];

function faultOf(call: FaultyCall, path: string): Fault | undefined {
  const isFull = NEED_SPACE.includes(call) && fs.existsSync(chaos.fullFlag);
  const fault = isFull ? 'ENOSPC' : drawFault(random, call, chaos.faultOneIn);
  if (fault !== undefined) note(faultLine(call, fault, path));
  return fault;
}

async function suffer(call: FaultyCall, fault: Fault, act: () => Promise<unknown>): Promise<unknown> {
  if (fault === 'slow') {
    await sleep(SLOW_MS);
    return act();
  }
  if (fault === 'lost-reply') await act();
  const code = fault === 'lost-reply' ? 'EIO' : fault;
  throw Object.assign(new Error(`${code}: injected, ${call}`), { code, syscall: call });
}

/** Replaces a function that gives a promise. */
function disturb(
  owner: object,
  name: string,
  call: FaultyCall,
  pathOf: (self: unknown, values: unknown[]) => unknown,
): void {
  const functions = owner as Record<string, Call>;
  const original = functions[name]!;
  functions[name] = function (this: unknown, ...values: unknown[]): Promise<unknown> {
    const path = pathOf(this, values);
    const act = (): Promise<unknown> => original.apply(this, values);
    const fault = isOurs(path) ? faultOf(call, String(path)) : undefined;
    return fault === undefined ? act() : suffer(call, fault, act);
  };
}

/** Replaces a function that takes a callback. */
function disturbCallback(name: 'open' | 'read', pathOf: (values: unknown[]) => unknown): void {
  const functions = fs as unknown as Record<string, CallbackCall>;
  const original = functions[name]!;
  const replacement: CallbackCall = (...values) => {
    const path = pathOf(values);
    const callback = values.at(-1) as Callback;
    const done: Callback = (error, ...results) => {
      if (name === 'open' && error === null && isOurs(path)) paths.set(results[0] as number, String(path));
      callback(error, ...results);
    };
    const act = (): Promise<void> => {
      original(...values.slice(0, -1), done);
      return Promise.resolve();
    };
    const fault = isOurs(path) ? faultOf(name, String(path)) : undefined;
    if (fault === undefined) void act();
    else suffer(name, fault, act).catch((error: unknown) => callback(error));
  };
  // promisify(read) asks a symbol of it for the names of its results.
  functions[name] = Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original));
}

const paths = new Map<number, string>();
const handles = new WeakMap<object, string>();

disturbCallback('open', ([path]) => path);
disturbCallback('read', ([file]) => paths.get(file as number));

const probe = await fsPromises.open(fileURLToPath(import.meta.url));
const ofHandles = Object.getPrototypeOf(probe) as FileHandle;
await probe.close();
for (const call of ['read', 'write', 'sync'] as const)
  disturb(ofHandles, call, call, (self) => handles.get(self as object));
disturb(fsPromises, 'link', 'link', (_self, values) => values[1]);
disturb(fsPromises, 'open', 'open', (_self, [path]) => path);
const open = fsPromises.open as unknown as Call;
(fsPromises as unknown as Record<string, Call>)['open'] = async (...values) => {
  const handle = (await open(...values)) as FileHandle;
  if (isOurs(values[0])) handles.set(handle, String(values[0]));
  return handle;
};
syncBuiltinESMExports();

// What a worker says of its commits reaches nobody once its command was killed: it is heard here.
if (process.env['WINNOW_RUN'] !== undefined) {
  const { stdout } = process;
  const write = stdout.write.bind(stdout) as (...values: unknown[]) => boolean;
  stdout.write = (...values: unknown[]): boolean => {
    const commit = committedBy(String(values[0]));
    if (commit !== undefined)
      note(commitLine(commit.unit, commit.sub, process.ppid === command ? undefined : process.pid));
    return write(...values);
  };
}
