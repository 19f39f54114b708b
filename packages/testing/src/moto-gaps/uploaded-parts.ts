import { combineCrc32 } from './crc32-combine.ts';

interface Part {
  readonly crc: number;
  readonly size: number;
}

/** Checksums of the parts of uploads that are under way: moto keeps none. */
export class UploadedParts {
  readonly #uploads = new Map<string, Map<number, Part>>();

  set(uploadId: string, partNumber: number, part: Part): void {
    const parts = this.#uploads.get(uploadId) ?? new Map<number, Part>();
    this.#uploads.set(uploadId, parts.set(partNumber, part));
  }

  forget(uploadId: string): void {
    this.#uploads.delete(uploadId);
  }

  /** CRC-32 of the object that these parts make; undefined where one of them did not come through here. */
  crcOf(uploadId: string, partNumbers: readonly number[]): number | undefined {
    let crc = 0;
    for (const partNumber of partNumbers) {
      const part = this.#uploads.get(uploadId)?.get(partNumber);
      if (!part) return undefined;
      crc = combineCrc32(crc, part.crc, part.size);
    }
    return crc;
  }
}
