/** What a spreadsheet takes for the start of a formula: OWASP, "CSV Injection". The same as in the kernel's cells. */
const FORMULA = /^[=+\-@\t\r]/;
/** Quotes are also put around a byte order mark, which readers take off the start of a file. */
const QUOTED = /[",\r\n\ufeff]/;

/** The names as the first record of a CSV file (RFC 4180): with CR LF, quoted only where they must be. */
export function csvHeader(names: readonly string[], { csvSafe }: { readonly csvSafe: boolean }): string {
  const cells = names.map((name) => {
    const text = csvSafe && FORMULA.test(name) ? `'${name}` : name;
    return text === '' || QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  // A line without anything is skipped by readers.
  return `${cells.join(',') || '""'}\r\n`;
}
