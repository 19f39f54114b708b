/**
 * Ways in which a line is no record, each beyond doubt by RFC 8259 (or no object). A kind makes a bad line of a good
 * record's text; none of them holds a line feed.
 */
const KINDS: Readonly<Record<string, (text: string) => string | Buffer>> = {
  cut: (text) => text.slice(0, Math.floor(text.length / 2)).replace(/[\ud800-\udbff]$/, ''),
  'bad-utf8': (text) =>
    Buffer.concat([
      Buffer.from('{"note":"'),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from('",' + text.slice(1)),
    ]),
  array: (text) => `[${text}]`,
  'two-values': (text) => `${text} ${text}`,
  'bare-word': (text) => `{"note":NaN,${text.slice(1)}`,
  'control-character': (text) => `{"note":"\u0001",${text.slice(1)}`,
  'leading-zero': (text) => `{"note":007,${text.slice(1)}`,
  'trailing-comma': (text) => `${text.slice(0, -1)},}`,
  'plain-text': () => 'GET /index.html 200',
};

export const BAD_KINDS = Object.keys(KINDS);

/** The bad line number `index`: the kinds come in turn. */
export function badLine(index: number, text: string): { readonly kind: string; readonly bytes: Buffer } {
  const [kind, make] = Object.entries(KINDS)[index % BAD_KINDS.length] ?? ['plain-text', () => 'no record'];
  return { kind, bytes: Buffer.from(make(text)) };
}
