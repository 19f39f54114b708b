/** `${secret:NAME}`: stands for a value that is kept elsewhere. */
const REFERENCE = /\$\{secret:([A-Z][A-Z0-9_]*)\}/g;
const BEGINNING = '${secret:';

/** The names of the secrets that a text names, each once. */
export const secretNames = (text: string): string[] => [
  ...new Set([...text.matchAll(REFERENCE)].map(([, name = '']) => name)),
];

/** A text with something else in the place of each secret. */
export const replaceSecrets = (text: string, valueOf: (name: string) => string): string =>
  text.replaceAll(REFERENCE, (_reference, name: string) => valueOf(name));

/** Whether a value names a secret anywhere inside, well or badly written. */
export const holdsSecret = (value: unknown): boolean =>
  value !== undefined && JSON.stringify(value).includes(BEGINNING);

/** Whether all that looks like the name of a secret is one. */
export const namesSecretsWell = (text: string): boolean => !holdsSecret(replaceSecrets(text, () => ''));
