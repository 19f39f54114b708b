/** The part of the WebAssembly JavaScript API that the kernel uses: neither `lib` es2024 nor @types/node has it. */
declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- that is what the platform has
  namespace WebAssembly {
    class Memory {
      readonly buffer: ArrayBuffer;
      /** By so many pages of 64 KiB. @throws RangeError where that is too much */
      grow(pages: number): number;
    }
    /** A trap. */
    class RuntimeError extends Error {}
    class Module {
      private readonly compiled: true;
      constructor(bytes: Uint8Array);
    }
    class Instance {
      constructor(module: Module, imports: Record<string, Record<string, unknown>>);
      readonly exports: object;
    }
  }
}

export {};
