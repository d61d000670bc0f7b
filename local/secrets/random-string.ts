import { randomInt } from 'node:crypto';
import * as z from 'zod';

/** `GenerateSecretString` of a template. */
export const generateSchema = z.strictObject({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: z.int().min(1).max(4096).default(32),
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: z.boolean().default(false),
  ExcludeUppercase: z.boolean().default(false),
  ExcludeNumbers: z.boolean().default(false),
  ExcludePunctuation: z.boolean().default(false),
  IncludeSpace: z.boolean().default(false),
  RequireEachIncludedType: z.boolean().default(true),
});
export type Generate = z.output<typeof generateSchema>;

const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** A password, or the template's object with the password under its key. */
export const generatedString = (wish: Generate): string => {
  const password = randomPassword(wish);
  if (wish.SecretStringTemplate === undefined) return password;
  if (wish.GenerateStringKey === undefined) throw new Error('SecretStringTemplate needs GenerateStringKey');
  return JSON.stringify({
    ...z.record(z.string(), z.json()).parse(JSON.parse(wish.SecretStringTemplate)),
    [wish.GenerateStringKey]: password,
  });
};

const randomPassword = (wish: Generate): string => {
  const types = characterTypes(wish);
  const all = types.join('');
  if (all === '') throw new Error('GenerateSecretString excludes every character');
  const required = wish.RequireEachIncludedType ? types.slice(0, wish.PasswordLength).map(pick) : [];
  const rest = Array.from({ length: wish.PasswordLength - required.length }, () => pick(all));
  return shuffled([...required, ...rest]).join('');
};

const characterTypes = (wish: Generate): string[] => {
  const included: [boolean, string][] = [
    [!wish.ExcludeLowercase, 'abcdefghijklmnopqrstuvwxyz'],
    [!wish.ExcludeUppercase, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
    [!wish.ExcludeNumbers, '0123456789'],
    [!wish.ExcludePunctuation, punctuation],
    [wish.IncludeSpace, ' '],
  ];
  const allowed = (characters: string) => [...characters].filter((character) => !wish.ExcludeCharacters.includes(character)).join('');
  return included.flatMap(([wanted, characters]) => (wanted && allowed(characters) !== '' ? [allowed(characters)] : []));
};

const pick = (characters: string): string => characters.charAt(randomInt(characters.length));

const shuffled = (characters: string[]): string[] =>
  characters
    .map((character) => ({ character, order: randomInt(2 ** 32) }))
    .sort((a, b) => a.order - b.order)
    .map(({ character }) => character);
