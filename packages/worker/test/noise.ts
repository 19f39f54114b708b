import { createHash } from 'node:crypto';

/** Text of so many bytes that hardly compresses, the same for the same seed. */
export function noise(bytes: number, seed = 0): string {
  const pieces: string[] = [];
  for (let length = 0, i = 0; length < bytes; i++) {
    const piece = createHash('sha512').update(`${seed} ${i}`).digest('base64');
    pieces.push(piece);
    length += piece.length;
  }
  return pieces.join('').slice(0, bytes);
}
