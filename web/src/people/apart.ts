// A name keeps its own direction of writing within a sentence of another language (Unicode's isolates, UAX 9).
export const apart = (name: string): string => (name === '' ? '' : `\u2068${name}\u2069`);
