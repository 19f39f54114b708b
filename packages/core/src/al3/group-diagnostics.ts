import { diagnostic, type Diagnostic } from './diagnostic.ts';
import { offsetOfColumn, type SourceGroup } from './group.ts';
import { shownText } from './shown-text.ts';

/** What is wrong with a group by itself, whatever it holds. */
export function groupDiagnostics(group: SourceGroup): Diagnostic[] {
  const { header, offset, length, bytes, cut } = group;
  const told = header.faults.map(({ column, rule, value }) =>
    diagnostic(
      'bad-header',
      offsetOfColumn(group, column),
      header.group,
      `column ${column}: ${rule}, got ${shownText(value)}`,
    ),
  );
  if (!cut) return told;
  const message = `the input ends inside it: ${bytes.length} of its ${length} bytes are there`;
  return [...told, diagnostic('cut-group', offset, header.group, message)];
}
