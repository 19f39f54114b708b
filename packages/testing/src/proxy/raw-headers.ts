/** Headers as they came: name, value, name, value, in order and in their own spelling. */
export type RawHeaders = readonly string[];

/** Those between two neighbours only, which a proxy must not pass on (RFC 9110, 7.6.1), and what Node answers itself. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'upgrade', 'expect'];

export const withoutHopByHop = (headers: RawHeaders): string[] => withoutHeaders(headers, HOP_BY_HOP);

/** `names` in lower case. */
export function withoutHeaders(headers: RawHeaders, names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const [name = '', value = ''] = headers.slice(i, i + 2);
    if (!names.includes(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** The headers of the same message with a body of another length, sent in one piece. */
export function withLength(headers: RawHeaders, length: number): string[] {
  return [
    ...withoutHeaders(headers, ['content-length', 'transfer-encoding']),
    'Content-Length',
    String(length),
  ];
}

/** The first of that name, which is in lower case. */
export function headerOf(headers: RawHeaders, name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() === name) return headers[i + 1];
  }
  return undefined;
}
