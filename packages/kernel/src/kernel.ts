import { readFileSync } from 'node:fs';
import { exactDouble } from './exact-double.ts';
import type { KernelExports } from './exports.ts';

let compiled: WebAssembly.Module | undefined;

/** Compiled once a process, when the first kernel is made. */
function kernelModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('../wasm/kernel.wasm', import.meta.url)));
  return compiled;
}

/**
 * One instance of the WebAssembly module: readers and writers made on it share its memory, which grows and never
 * shrinks. After a very large record make a new one.
 */
export class Kernel {
  readonly exports: KernelExports;
  #bytes = new Uint8Array(0);

  constructor() {
    const imports = {
      env: {
        abort: trap,
        exactDouble: (pointer: number, length: number) =>
          exactDouble(this.#latin1(pointer >>> 0, length >>> 0)),
      },
    };
    this.exports = new WebAssembly.Instance(kernelModule(), imports).exports as unknown as KernelExports;
  }

  /** All of the memory. Ask anew after every call into the kernel: growing detaches earlier views. */
  get bytes(): Uint8Array {
    const { buffer } = this.exports.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }

  #latin1(pointer: number, length: number): string {
    return Buffer.from(this.exports.memory.buffer, pointer, length).toString('latin1');
  }
}

/** Only reached by a bug in the kernel, or when 4 GiB are full. */
function trap(_message: number, _file: number, line: number, column: number): never {
  throw new Error(`the kernel stopped at ${line}:${column}`);
}
