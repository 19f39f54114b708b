/**
 * Why a record is quarantined: the first rule it broke, reading from left to right. Length comes before UTF-8, UTF-8
 * before everything else, drift last. Their numbers are shared with `assembly/ndjson/reasons.ts`.
 *
 * - `not-an-object`: the line does not start with a brace
 * - `expected-key`, `expected-colon`, `expected-comma`: something else stands there (`expected-comma`: or a bracket)
 * - `invalid-value`, `invalid-number`, `invalid-escape`, `control-character`: RFC 8259, sections 3, 6 and 7
 * - `lone-surrogate`: an escape for half a character, in a key or a string at any depth
 * - `unexpected-end`: the line ends inside the record
 * - `trailing-content`: something stands behind the object
 * - `too-deep`: more than 1,024 objects and arrays are open at once
 * - `duplicate-key`: a key of the record, or of an object inside it, comes twice, escapes resolved
 * - `too-many-keys`: more than 65,536 keys and values of one record do not fit the schema, or their JSON Pointers have
 *   more than 64 MiB
 * - `invalid-utf8`: RFC 3629
 * - `record-too-long`: the line has more bytes than allowed, whatever it holds
 * - `drift`: under the policy `fail` a key is unknown or a value does not fit its column
 * - `no-records`: a document has no array where its records should stand
 * - `too-few-fields`, `too-many-fields`: a record of CSV has not as many fields as its input
 * - `text-after-quote`: behind a closing quote stands something else than a delimiter or a line end
 * - `unclosed-quote`: a quoted field has no end before the input ends or the record is too long; the record ends with
 *   the line of that quote
 */
export const QUARANTINE_REASONS = [
  'not-an-object',
  'expected-key',
  'expected-colon',
  'expected-comma',
  'invalid-value',
  'invalid-number',
  'invalid-escape',
  'control-character',
  'lone-surrogate',
  'unexpected-end',
  'trailing-content',
  'too-deep',
  'duplicate-key',
  'too-many-keys',
  'invalid-utf8',
  'record-too-long',
  'drift',
  'no-records',
  'too-few-fields',
  'too-many-fields',
  'text-after-quote',
  'unclosed-quote',
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];
