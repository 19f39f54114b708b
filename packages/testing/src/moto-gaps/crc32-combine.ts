// A CRC is linear over GF(2): appending n zero bytes multiplies its 32 bits by a matrix, kept as its 32 columns.
type Matrix = readonly number[];

/** The reversed polynomial of CRC-32. */
const POLYNOMIAL = 0xedb88320;

/** The CRC-32 of `a` followed by `b`, from their CRCs and the length of `b` in bytes. */
export function combineCrc32(crcA: number, crcB: number, lengthB: number): number {
  let matrix = zeroByte();
  let crc = crcA;
  for (let left = lengthB; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) crc = times(matrix, crc);
    matrix = square(matrix);
  }
  return (crc ^ crcB) >>> 0;
}

/** Appends one zero byte: eight times one zero bit. */
function zeroByte(): Matrix {
  const zeroBit = [POLYNOMIAL, ...Array.from({ length: 31 }, (_, bit) => 2 ** bit)];
  return square(square(square(zeroBit)));
}

const square = (matrix: Matrix): Matrix => matrix.map((column) => times(matrix, column));

function times(matrix: Matrix, vector: number): number {
  let sum = 0;
  for (let bit = 0; bit < 32; bit++) if ((vector >>> bit) & 1) sum ^= matrix[bit] ?? 0;
  return sum >>> 0;
}
