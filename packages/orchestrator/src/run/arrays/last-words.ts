import type { ArrayChild, ArrayJobs } from '../../backend/array-backend.ts';

/** How a worker begins the line that says why it ends without a record. */
const WORKER = 'winnow worker: ';
/** How engines and shells begin theirs. */
const ERROR = /^\w*(Error|error): /;
/** More is not read: what matters to people stands in a few lines. */
const MAX_LINES = 1000;

/**
 * The line in which a container said why it ended, where it left no record: it may not write where its record would go,
 * say. Undefined where it said nothing, or where nobody here may read it: what the service says has to be enough then.
 */
export async function lastWords(
  backend: Pick<ArrayJobs, 'printed'>,
  child: ArrayChild,
): Promise<string | undefined> {
  try {
    const latest = (await backend.printed(child)).at(-1);
    return latest && (await tellingLine(latest.lines));
  } catch {
    return undefined;
  }
}

async function tellingLine(lines: AsyncIterable<string>): Promise<string | undefined> {
  const heard = { worker: '', error: '', last: '' };
  let count = 0;
  for await (const line of lines) {
    // Other lines are events.
    if (!line.startsWith('{') && line.trim() !== '') heard.last = line.trim();
    if (line.startsWith(WORKER)) heard.worker = line.slice(WORKER.length);
    else if (ERROR.test(line) && heard.error === '') heard.error = line;
    if (++count === MAX_LINES) break;
  }
  return heard.worker || heard.error || heard.last || undefined;
}
