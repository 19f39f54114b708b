import { retrying, type RetryKind, type RetryTimes } from '@winnow/core';
import type { HookCall, HookFailure } from './hook-call.ts';
import { revealSecrets } from './reveal-secrets.ts';

const ANSWER_MS = 10_000;
const TIMES: RetryTimes = { attempts: 3, baseMs: 1000, capMs: 5000, throttledBaseMs: 2000 };

/** Says why there was no good answer. The errors behind it quote host or URL, where secrets may be: they stay behind. */
class NoGoodAnswer extends Error {
  readonly kind: RetryKind;
  constructor(message: string, kind: RetryKind) {
    super(message);
    this.kind = kind;
  }
}

/** POSTs the summary as JSON, three times at most. A user and a password in the URL become Basic authorisation. */
export async function postSummary(
  text: string,
  call: HookCall,
  answerMs: number = ANSWER_MS,
): Promise<HookFailure> {
  const url = webUrl(await revealSecrets(text, call.environment, call.getSecret));
  if (url === undefined) return 'its secrets do not make it an http:// or https:// URL';
  const { signal } = call;
  try {
    await retrying(() => post(url, call, answerMs), {
      ...{ times: TIMES, waiting: call.waiting, signal },
      kindOf: (error) => (error instanceof NoGoodAnswer ? error.kind : 'final'),
    });
    return undefined;
  } catch (error) {
    if (signal.aborted) return 'interrupted';
    return error instanceof NoGoodAnswer ? error.message : 'the request cannot be made';
  }
}

function webUrl(text: string): URL | undefined {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : undefined;
}

async function post(url: URL, { summary, signal }: HookCall, answerMs: number): Promise<void> {
  const late = AbortSignal.timeout(answerMs);
  const { address, authorization } = splitUser(url);
  let answer: Response;
  try {
    answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify(summary),
      // A report is for whom the spec names, and for nobody that he names.
      redirect: 'manual',
      signal: AbortSignal.any([signal, late]),
    });
    await answer.body?.cancel();
  } catch (error) {
    if (late.aborted) throw new NoGoodAnswer(`no answer within ${answerMs / 1000} s`, 'transient');
    throw new NoGoodAnswer(`no answer (${codeOf(error)})`, 'transient');
  }
  if (!answer.ok) throw new NoGoodAnswer(`the answer was ${answer.status}`, kindOfStatus(answer.status));
}

/** The part of an error that quotes nothing: `ECONNREFUSED`. */
function codeOf(error: unknown): string {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : 'the connection failed';
}

function kindOfStatus(status: number): RetryKind {
  if (status === 429) return 'throttled';
  return status === 408 || status >= 500 ? 'transient' : 'final';
}

function splitUser(url: URL): { readonly address: URL; readonly authorization: string | undefined } {
  const { username, password } = url;
  if (username === '' && password === '') return { address: url, authorization: undefined };
  const address = new URL(url);
  address.username = address.password = '';
  const pair = Buffer.from([username, password].map(decodeURIComponent).join(':'));
  return { address, authorization: `Basic ${pair.toString('base64')}` };
}
