import { Kernel } from '@winnow/kernel';

/** A record larger than this leaves a kernel whose memory has grown to several times its size. */
export const RENEW_AFTER_RECORD_BYTES = 16 * 2 ** 20;

/**
 * The process's kernel. WebAssembly memory never shrinks: behind a very large record a fresh instance takes its place,
 * and the old one's memory goes back with it.
 */
export class KernelSupply {
  #kernel = new Kernel();
  #scanning: Kernel | undefined;

  /** For what goes on over several sub-units, in memory that stays small. */
  get scanning(): Kernel {
    return (this.#scanning ??= new Kernel());
  }

  /** For one sub-unit: ask again for the next. */
  get kernel(): Kernel {
    return this.#kernel;
  }

  /** A sub-unit is done with the kernel, and the longest line in it had so many bytes. */
  giveBack(longestLineBytes: number): void {
    if (longestLineBytes > RENEW_AFTER_RECORD_BYTES) this.#kernel = new Kernel();
  }
}
