import { readFileSync } from 'node:fs';
import { exactDouble } from './exact-double.ts';
import type { KernelExports } from './exports.ts';
import { tellingFullMemory } from './kernel-memory.ts';

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
        abort: (message: number, _file: number, line: number, column: number) => {
          throw new Error(`the kernel stopped at ${line}:${column}: ${this.#text(message >>> 0)}`);
        },
        exactDouble: (pointer: number, length: number) =>
          exactDouble(this.#latin1(pointer >>> 0, length >>> 0)),
      },
    };
    const { exports } = new WebAssembly.Instance(kernelModule(), imports);
    this.exports = tellingFullMemory(exports as unknown as KernelExports);
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

  /** A text of AssemblyScript: UTF-16, its length in bytes before it; 0 = none. */
  #text(pointer: number): string {
    if (pointer === 0) return 'no word';
    const { buffer } = this.exports.memory;
    const length = new Uint32Array(buffer, pointer - 4, 1)[0] ?? 0;
    return Buffer.from(buffer, pointer, length).toString('utf16le');
  }
}
