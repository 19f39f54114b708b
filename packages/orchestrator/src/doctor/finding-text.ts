import type { Finding } from './finding.ts';

const LABELS = { ok: 'ok', warning: 'warning', failed: 'FAILED', unknown: 'unknown' } as const;

/** A finding as one line for people. */
export const findingLine = ({ check, state, message, hint }: Finding): string =>
  `${LABELS[state].padEnd(7)}  ${check}: ${[message, hint].filter((text) => text !== undefined).join(': ')}`.replace(
    /\s*\n\s*/g,
    ' ',
  );
