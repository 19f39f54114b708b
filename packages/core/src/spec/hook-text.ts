import { secretNames, replaceSecrets } from './secret-names.ts';

/** What a hook does: runs a command, POSTs to a URL, publishes to an SNS topic, puts an event on an EventBridge bus. */
export type HookKind = 'command' | 'url' | 'topic' | 'bus';

const TOPIC = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+$/;
const BUS = /^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]+$/;
const HTTP = /^https?:\/\//i;

/**
 * What kind of hook a text is; undefined where it is none. The text alone decides, never a secret's value: one that is
 * nothing but a secret is a URL, for what somebody else keeps is not to become a command.
 */
export function hookKind(text: string): HookKind | undefined {
  if (text.trim() === '') return undefined;
  if (TOPIC.test(text)) return 'topic';
  if (BUS.test(text)) return 'bus';
  if (text.startsWith('arn:')) return undefined;
  if (HTTP.test(text)) return URL.canParse(replaceSecrets(text, () => '1')) ? 'url' : undefined;
  return secretNames(text).length > 0 && replaceSecrets(text, () => '') === '' ? 'url' : 'command';
}
