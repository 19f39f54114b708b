/** Text of a file for people, in quotes: nothing in it acts on a terminal. */
export const shownText = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  );
