export const quotedText = (value: string): string => `'${value.replaceAll("'", "''")}'`;
