import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { withLength, withoutHopByHop, type RawHeaders } from './raw-headers.ts';

/** A whole answer. */
export interface Reply {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: Buffer;
}

/** An answer on its way. */
export interface StreamedReply {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: Readable;
}

export const streamedReply = (upstream: IncomingMessage): StreamedReply => ({
  status: upstream.statusCode ?? 502,
  headers: withoutHopByHop(upstream.rawHeaders),
  body: upstream,
});

export const asStream = ({ body, ...head }: Reply): StreamedReply => ({
  ...head,
  body: Readable.from(body.length > 0 ? [body] : []),
});

export async function wholeReply({ status, headers, body }: StreamedReply): Promise<Reply> {
  const bytes = await buffer(body);
  return { status, headers: withLength(headers, bytes.length), body: bytes };
}

export function jsonReply(status: number, value: object, headers: RawHeaders = []): Reply {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: withLength(['Content-Type', 'application/json', ...headers], body.length), body };
}

/** An error as services that speak REST-JSON give it. */
export function jsonError(status: number, type: string, message: string): Reply {
  return jsonReply(status, { __type: type, message }, ['x-amzn-ErrorType', type]);
}

/** An error as S3 gives it; `facts` are further elements, such as the key. */
export function xmlError(
  status: number,
  code: string,
  message: string,
  facts: Readonly<Record<string, string>> = {},
): Reply {
  const elements = Object.entries({ Code: code, Message: message, ...facts }).map(
    ([name, value]) => `<${name}>${escapeXml(value)}</${name}>`,
  );
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements.join('')}</Error>`);
  return { status, headers: withLength(['Content-Type', 'application/xml'], body.length), body };
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
