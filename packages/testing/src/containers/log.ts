/** A line that a container wrote: 1 = stdout, 2 = stderr, as Docker numbers them. */
export interface LogLine {
  readonly stream: 1 | 2;
  readonly at: Date;
  readonly text: string;
}

interface LogQuery {
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly timestamps: boolean;
}

/**
 * Lines as the Docker Engine API sends them: each behind a header of 8 bytes, of which the first is the stream and the
 * last four the length (https://docs.docker.com/reference/api/engine/#tag/Container/operation/ContainerAttach).
 */
export function logFrames(lines: readonly LogLine[], query: LogQuery): Buffer {
  const wanted = lines.filter(({ stream }) => (stream === 1 ? query.stdout : query.stderr));
  return Buffer.concat(wanted.flatMap((line) => logFrame(line, query.timestamps)));
}

function logFrame({ stream, at, text }: LogLine, timestamps: boolean): [Buffer, Buffer] {
  // Docker writes nanoseconds.
  const time = timestamps ? `${at.toISOString().slice(0, -1)}000000Z ` : '';
  const body = Buffer.from(`${time}${text}\n`);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return [header, body];
}
