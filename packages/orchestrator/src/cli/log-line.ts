import type { LogLine } from '../operations/operations.ts';

/** Of an event, what stands at the beginning of its line already. */
const SHOWN: readonly string[] = ['timestamp', 'level', 'event', 'shard', 'message'];

/** A line of an attempt's log for people: when, whose, what, and its facts. */
export function logLineText({ attempt, text }: LogLine): string {
  const whose = `shard ${attempt.shard} attempt ${attempt.submission}-${attempt.attempt}`;
  const event = eventOf(text);
  if (event === undefined) return `${whose}  ${text}`;
  const { timestamp = '', event: what = '', message = '' } = event;
  const facts = Object.entries(event)
    .filter(([name, value]) => !SHOWN.includes(name) && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const words = what === message ? '' : String(message);
  return [`${String(timestamp)}  ${whose}  ${String(what)}`, words, ...facts]
    .filter((part) => part !== '')
    .join('  ');
}

/** Other lines are other people's: a stack, a library's word. */
function eventOf(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'event' in parsed ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
