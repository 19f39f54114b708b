/** A value as text, nothing, or the rule that it breaks. */
export type Converted = { readonly text: string } | { readonly none: true } | { readonly rule: string };

/**
 * A number of implied decimals as JSON writes it, with all its decimals: `00000011500+` of type `S2` is `115.00`. Blanks may
 * stand in front, where some senders have no zeros.
 */
export function decimalText(written: string, type: string): Converted {
  const decimals = Number(type.slice(1));
  const signed = type.startsWith('S');
  const [, digits = '', sign = ''] = /^ *(\d+)([+-]?)$/.exec(written) ?? [];
  if (digits === '' || (signed ? sign === '' : sign !== ''))
    return { rule: signed ? `${type} is digits and then + or -` : `${type} is digits` };
  const padded = digits.padStart(decimals + 1, '0');
  const whole = padded.slice(0, padded.length - decimals).replace(/^0+(?=\d)/, '');
  const fraction = decimals === 0 ? '' : `.${padded.slice(-decimals)}`;
  const isZero = /^0+$/.test(digits);
  return { text: `${sign === '-' && !isZero ? '-' : ''}${whole}${fraction}` };
}
