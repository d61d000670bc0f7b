/** `a volume`, `an export group`. */
export const oneOf = (noun: string): string => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;

export const many = (noun: string): string => `${noun}s`;
