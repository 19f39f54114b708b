import type { Converted } from './decimal-text.ts';

export type DateType = 'DT8' | 'DT6' | 'D2Y';

/** Years of two digits below it are of the 21st century, unless the spec says otherwise. */
export const DEFAULT_PIVOT = 50;

const FORMS: Readonly<Record<DateType, { readonly form: RegExp; readonly rule: string }>> = {
  DT8: { form: /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/, rule: 'DT8 is a day as CCYYMMDD' },
  DT6: { form: /^(?<year>\d\d)(?<month>\d\d)(?<day>\d\d)$/, rule: 'DT6 is a day as YYMMDD' },
  D2Y: { form: /^(?<month>\d\d)(?<year>\d\d)$/, rule: 'D2Y is a month as MMYY' },
};

/** A day as `2026-02-01`, a month as `2026-02`; zeros are no date. */
export function dateText(written: string, type: DateType, pivot: number): Converted {
  if (/^0+$/.test(written)) return { none: true };
  const { form, rule } = FORMS[type];
  const { year = '', month = '', day } = form.exec(written)?.groups ?? {};
  const century = year.length === 4 ? '' : Number(year) < pivot ? '20' : '19';
  const text = [`${century}${year}`, month, ...(day === undefined ? [] : [day])].join('-');
  return isDay(Number(`${century}${year}`), Number(month), Number(day ?? 1)) ? { text } : { rule };
}

function isDay(year: number, month: number, day: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return day <= date.getUTCDate();
}
