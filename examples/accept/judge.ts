import { isDeepStrictEqual } from 'node:util';
import { openDuckDb } from './duckdb-reader.ts';
import { openHyparquet } from './hyparquet-reader.ts';
import type { PartReader } from './reader.ts';

/** What both readers say about one thing. */
export interface Verdict<T> {
  readonly duckdb: T;
  readonly hyparquet: T;
  /** They say the same. */
  readonly agreed: boolean;
}

/** A folder of Parquet files before two judges that share no code. */
export interface Judge {
  ask<T>(question: (reader: PartReader) => Promise<T>): Promise<Verdict<T>>;
  close(): void;
}

/** Opens the Parquet files directly in `folder` with both readers. */
export async function openJudge(folder: string): Promise<Judge> {
  const duckdb = await openDuckDb(folder);
  const hyparquet = await openHyparquet(folder);
  return {
    async ask(question) {
      const [one, other] = [await question(duckdb), await question(hyparquet)];
      return { duckdb: one, hyparquet: other, agreed: isDeepStrictEqual(one, other) };
    },
    close() {
      duckdb.close();
      hyparquet.close();
    },
  };
}
