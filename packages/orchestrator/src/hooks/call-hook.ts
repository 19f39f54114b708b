import { hookKind, WinnowError } from '@winnow/core';
import type { HookCall, HookFailure } from './hook-call.ts';
import { postSummary } from './post-summary.ts';
import { runCommand } from './run-command.ts';

/** Calls a hook; never rejects. */
export async function callHook(text: string, call: HookCall): Promise<HookFailure> {
  try {
    switch (hookKind(text)) {
      case 'command':
        return await runCommand(text, call);
      case 'url':
        return await postSummary(text, call);
      case 'topic':
        await (await import('./publish-summary.ts')).publishSummary(text, call.summary);
        return undefined;
      case 'bus':
        await (await import('./put-event.ts')).putEvent(text, call.summary);
        return undefined;
      case undefined:
        return 'it is no hook';
    }
  } catch (error) {
    return failureText(text, error);
  }
}

/** What Winnow throws names no values; of others only what was said to a hook without secrets is told. */
function failureText(text: string, error: unknown): string {
  if (error instanceof WinnowError) return error.message;
  const kind = hookKind(text);
  if (kind !== 'topic' && kind !== 'bus') return 'it cannot be called';
  const { name, message } = error as Error;
  const status = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata
    ?.httpStatusCode;
  return `${name}${status === undefined ? '' : ` ${status}`}: ${message}`;
}
