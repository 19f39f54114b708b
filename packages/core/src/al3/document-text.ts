import { Al3Reader, type Al3Event } from './al3-reader.ts';
import type { Diagnostic } from './diagnostic.ts';
import { JsonDocument } from './json-document.ts';
import { groupJson, strayJson, transactionJson, type JsonOptions } from './tree-json.ts';

/** The text of a whole input as one JSON document, in pieces: everything in it, bad or good. */
export async function* documentText(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: JsonOptions,
  onDiagnostic: (told: Diagnostic) => void = () => undefined,
): AsyncGenerator<string> {
  const reader = new Al3Reader();
  const document = new JsonDocument(options.shape);
  const tell = (told: Diagnostic): void => {
    document.tell(told);
    onDiagnostic(told);
  };
  for await (const chunk of chunks) {
    reader.push(chunk);
    for (const event of reader.take()) yield textOfEvent(event, document, options, tell);
  }
  reader.end();
  for (const event of reader.take()) yield textOfEvent(event, document, options, tell);
  yield document.end();
}

function textOfEvent(
  event: Al3Event,
  document: JsonDocument,
  options: JsonOptions,
  tell: (told: Diagnostic) => void,
): string {
  const textOf = ({ text, diagnostics }: ReturnType<typeof groupJson>): string => {
    diagnostics.forEach(tell);
    return text;
  };
  switch (event.kind) {
    case 'diagnostic':
      tell(event.diagnostic);
      return '';
    case 'message': {
      const header = event.header && textOf(groupJson(event.header, options));
      const groups = event.groups.map((group) => textOf(groupJson(group, options)));
      return document.add({ kind: 'message', header, groups });
    }
    case 'transaction':
      return document.add({ kind: 'transaction', text: textOf(transactionJson(event.transaction, options)) });
    case 'outside':
      for (const item of event.items) {
        const text = item.kind === 'stray' ? strayJson(item.stray) : textOf(groupJson(item.group, options));
        document.addOutside(text);
      }
      return '';
    case 'trailer':
      return document.add({
        kind: 'trailer',
        text: event.trailer && textOf(groupJson(event.trailer, options)),
      });
    case 'long-transaction':
      return '';
  }
}
