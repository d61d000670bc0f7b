import { isIP } from 'node:net';

interface Network {
  family: 4 | 6;
  base: bigint;
  prefixBits: number;
}

const widthBits = { 4: 32, 6: 128 } as const;

const ipv4Value = (text: string): bigint => text.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));

/** An IPv4 tail (`::ffff:10.0.0.1`) becomes two groups. */
const withoutDots = (text: string): string => {
  const cut = text.lastIndexOf(':') + 1;
  const tail = text.slice(cut);
  if (!tail.includes('.')) return text;
  const value = ipv4Value(tail);
  return `${text.slice(0, cut)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
};

const ipv6Value = (text: string): bigint => {
  const [head = '', tail] = withoutDots(text).split('::');
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const zeroes = new Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeroes, ...right].reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
};

const parseAddress = (text: string): Network | undefined => {
  if (text.includes('%')) return undefined;
  const family = isIP(text);
  if (family === 4) return { family, base: ipv4Value(text), prefixBits: 32 };
  if (family === 6) return { family, base: ipv6Value(text), prefixBits: 128 };
  return undefined;
};

const parseCidr = (text: string): Network | undefined => {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const network = parseAddress(address);
  if (network === undefined || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return undefined;
  const prefixBits = Number(prefix);
  return prefixBits <= widthBits[network.family] ? { ...network, prefixBits } : undefined;
};

const contains = (outer: Network, inner: Network): boolean => {
  const shift = BigInt(widthBits[outer.family] - outer.prefixBits);
  return outer.family === inner.family && outer.prefixBits <= inner.prefixBits && outer.base >> shift === inner.base >> shift;
};

const networksOf = (texts: readonly string[]): readonly Network[] => texts.flatMap((text) => parseCidr(text) ?? []);

/** Never an array's own address, or another way to write an IPv4 one. */
const deniedRanges = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '2002::/16',
];

/** Whether the text is a network in CIDR notation, such as `10.0.0.0/8`. */
export const isCidr = (text: string): boolean => parseCidr(text) !== undefined;

/**
 * Whether a driver may connect to this address. It must lie in one of the networks; loopback, link-local, multicast, unspecified and
 * IPv4-in-IPv6 addresses only in a network that lies wholly within that special range: `0.0.0.0/0` does not open `127.0.0.1`.
 */
export const addressAllowed = (address: string, allowedCidrs: readonly string[]): boolean => {
  const wanted = parseAddress(address);
  if (wanted === undefined) return false;
  const allowed = networksOf(allowedCidrs).filter((network) => contains(network, wanted));
  const denied = networksOf(deniedRanges).find((range) => contains(range, wanted));
  return allowed.some((network) => denied === undefined || contains(denied, network));
};
