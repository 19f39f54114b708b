import type { Random } from '../random.ts';
import { groupBytes } from './group.ts';

/**
 * What can be wrong with a file, and what becomes of it in a tolerant run:
 *
 * | fault       | it is                                         | the transaction is | told                |
 * |-------------|-----------------------------------------------|--------------------|---------------------|
 * | `cut`       | the file ends inside a group                  | written            | cut-group           |
 * | `junk`      | bytes that are no group, in a transaction     | quarantined        | not-a-group         |
 * | `outside`   | a data group before the first transaction     | none: quarantined  | outside-transaction |
 * | `value`     | an amount with a letter in it                 | written            | value-misfit        |
 * | `parent`    | a group whose parent is not there             | written            | parent-missing      |
 * | `count`     | a trailer that counts something else          | written            | count-differs       |
 * | `no-trailer` | a message without a trailer                  | written            | trailer-missing     |
 */
export const AL3_FAULTS = ['cut', 'junk', 'outside', 'value', 'parent', 'count', 'no-trailer'] as const;
export type Al3Fault = (typeof AL3_FAULTS)[number];

/** A file in the making: groups, or bytes that are none. */
export interface FilePiece {
  readonly bytes: Buffer;
  readonly isGroup: boolean;
}

const TOTAL_COLUMN = 11;

/** A data group that stands where none may stand, and hangs from nothing that is there. */
const stranger = (): Buffer =>
  groupBytes(
    { group: '5LAG', version: '1', place: 'L10009', parent: '5XYZF10001', length: 168 },
    { location_number: '9' },
  );

/** The same file with the fault in it. All but `cut`, which is of the file's bytes. */
export function planted(pieces: readonly FilePiece[], fault: Al3Fault, random: Random): FilePiece[] {
  const faulty = [...pieces];
  const data = pieces.flatMap(({ bytes }, at) => (/^[5-9]/.test(bytes.toString('latin1', 0, 1)) ? [at] : []));
  const somewhere = data[random.below(data.length)] ?? 1;
  switch (fault) {
    case 'junk':
      faulty.splice(somewhere, 0, { bytes: Buffer.from('@@ THIS IS NO GROUP @@'), isGroup: false });
      break;
    case 'outside':
      faulty.splice(1, 0, { bytes: stranger(), isGroup: true });
      break;
    case 'parent':
      faulty.splice(somewhere, 0, { bytes: stranger(), isGroup: true });
      break;
    case 'value':
      spoilAmount(faulty);
      break;
    case 'count': {
      const trailer = faulty.at(-1);
      if (trailer) faulty[faulty.length - 1] = written(trailer, TOTAL_COLUMN, '00000999');
      break;
    }
    case 'no-trailer':
      faulty.pop();
      break;
    case 'cut':
      break;
  }
  return faulty;
}

/** The term amount of the first policy. */
function spoilAmount(pieces: FilePiece[]): void {
  const at = pieces.findIndex(({ bytes }) => bytes.toString('latin1', 0, 4) === '5BPI');
  const policy = pieces[at];
  if (policy) pieces[at] = written(policy, 115, 'X');
}

function written(piece: FilePiece, column: number, text: string): FilePiece {
  const bytes = Buffer.from(piece.bytes);
  bytes.write(text, column - 1, 'latin1');
  return { ...piece, bytes };
}
