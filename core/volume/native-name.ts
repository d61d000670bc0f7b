import { makeUrn, parseUrn } from '../urn.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const base = BigInt(alphabet.length);
/** 62^22 is more than 2^128. */
const digits = 22;

const encode = (uuid: string): string => {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let text = '';
  for (let place = 0; place < digits; place += 1) {
    text = alphabet.charAt(Number(rest % base)) + text;
    rest /= base;
  }
  return text;
};

const decode = (text: string): string | undefined => {
  let value = 0n;
  for (const character of text) value = value * base + BigInt(alphabet.indexOf(character));
  const hex = value.toString(16).padStart(32, '0');
  if (hex.length > 32) return undefined;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
};

export interface NameMark {
  /** Of the driver's declaration. */
  readonly prefix: string;
  /** Of the installation. */
  readonly mark: string;
}

/** Name of a volume on its array: whose it is, and which one. Letters, digits and one hyphen; always of the same length. */
export const nativeNameOf = ({ prefix, mark }: NameMark, volumeId: string): string =>
  `${prefix}${mark}-${encode(parseUrn(volumeId)?.uuid ?? '')}`;

/** The volume that a name made by `nativeNameOf` stands for, whichever installation made it. */
export const volumeIdIn = (nativeName: string): string => {
  const uuid = decode(nativeName.slice(-digits));
  if (uuid === undefined) throw new RangeError(`${nativeName} is no name of a volume of ours`);
  return makeUrn('Volume', uuid);
};

const tail = /^[0-9A-Za-z]{22}$/;

/** The volume that a name on the array stands for; undefined when this installation did not give the name. */
export const volumeIdOfName = ({ prefix, mark }: NameMark, nativeName: string): string | undefined => {
  const start = `${prefix}${mark}-`;
  const text = nativeName.slice(start.length);
  if (!nativeName.startsWith(start) || !tail.test(text)) return undefined;
  const uuid = decode(text);
  return uuid && makeUrn('Volume', uuid);
};
