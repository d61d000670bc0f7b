import { describe, expect, it } from 'vitest';
import { generatedString, generateSchema } from '../../../../local/secrets/random-string.ts';
import { seal, unseal } from '../../../../local/secrets/seal.ts';

const generate = (wish: object) => generatedString(generateSchema.parse(wish));

describe('a generated secret string', () => {
  it('has 32 characters with one of each type', () => {
    for (let round = 0; round < 50; round += 1) {
      const password = generate({});
      expect(password).toHaveLength(32);
      for (const type of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/]) expect(password).toMatch(type);
    }
  });

  it.each([
    { reason: 'digits only', wish: { ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true }, pattern: /^[0-9]{32}$/ },
    { reason: 'without the listed characters', wish: { ExcludeCharacters: '"@/\\', PasswordLength: 500 }, pattern: /^[^"@/\\]{500}$/ },
    { reason: 'shorter than the number of types', wish: { PasswordLength: 2 }, pattern: /^.{2}$/ },
    { reason: 'letters alone', wish: { ExcludeNumbers: true, ExcludePunctuation: true }, pattern: /^[a-zA-Z]{32}$/ },
  ])('is $reason when asked', ({ wish, pattern }) => {
    expect(generate(wish)).toMatch(pattern);
  });

  it('stands under its key in the template', () => {
    const value = generate({ SecretStringTemplate: '{"user":"u"}', GenerateStringKey: 'password', PasswordLength: 8 });
    expect(JSON.parse(value)).toEqual({ user: 'u', password: expect.stringMatching(/^.{8}$/) });
  });

  it('is refused when nothing is left to choose from, or a property is unknown', () => {
    const none = { ExcludeLowercase: true, ExcludeUppercase: true, ExcludeNumbers: true, ExcludePunctuation: true };
    expect(() => generate(none)).toThrow('excludes every character');
    expect(() => generate({ Length: 5 })).toThrow('Length');
  });
});

describe('a sealed value', () => {
  const key = Buffer.alloc(32, 7);

  it('opens with the key and the context it was sealed with', () => {
    expect(unseal(key, 'secret-a', seal(key, 'secret-a', 'wörter'))).toBe('wörter');
  });

  it('does not open for another secret, another key or changed bytes', () => {
    const sealed = seal(key, 'secret-a', 'value');
    const changed = Buffer.from(sealed, 'base64');
    changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
    expect(() => unseal(key, 'secret-b', sealed)).toThrow();
    expect(() => unseal(Buffer.alloc(32, 8), 'secret-a', sealed)).toThrow();
    expect(() => unseal(key, 'secret-a', changed.toString('base64'))).toThrow();
  });
});
