import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressAllowed, isCidr } from '../../../../drivers/sdk/cidr.ts';

describe('the networks a driver may connect to', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.1.2.3/32', true],
    ['10.1.2.4', '10.1.2.3/32', false],
    ['8.8.8.8', '0.0.0.0/0', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['2001:db8::1', '::/0', true],
    ['2001:db8:0:0:0:0:0:1', '2001:db8::1/128', true],
    ['10.1.2.3', '::/0', false],
    ['2001:db8::1', '0.0.0.0/0', false],
  ])('%s in %s: %s', (address, network, allowed) => {
    expect(addressAllowed(address, [network])).toBe(allowed);
  });

  it.each([
    ['127.0.0.1', 'loopback', '127.0.0.0/8'],
    ['::1', 'loopback', '::1/128'],
    ['169.254.169.254', 'link-local, where clouds keep their credentials', '169.254.0.0/16'],
    ['fe80::1', 'link-local', 'fe80::/10'],
    ['224.0.0.1', 'multicast', '224.0.0.0/4'],
    ['ff02::1', 'multicast', 'ff00::/8'],
    ['0.0.0.0', 'unspecified', '0.0.0.0/32'],
    ['::', 'unspecified', '::/128'],
    ['255.255.255.255', 'broadcast', '255.255.255.255/32'],
    ['::ffff:10.0.0.1', 'an IPv4 address in disguise', '::ffff:0:0/96'],
    ['::ffff:a00:1', 'an IPv4 address in disguise', '::ffff:10.0.0.0/104'],
    ['64:ff9b::a00:1', 'an IPv4 address in disguise', '64:ff9b::/96'],
    ['2002:7f00:1::', 'an IPv4 address in disguise', '2002::/16'],
  ])('%s (%s) is allowed only by a network that names its range', (address, _reason, naming) => {
    expect(addressAllowed(address, ['0.0.0.0/0', '::/0', '10.0.0.0/8', '127.0.0.0/7', 'fe80::/9'])).toBe(false);
    expect(addressAllowed(address, [naming])).toBe(true);
  });

  it('allows nothing where no network is configured', () => {
    expect(addressAllowed('10.0.0.1', [])).toBe(false);
  });

  it.each(['array.example', '10.0.0', '010.0.0.1', '0x0a000001', 'fe80::1%eth0', ''])('takes %o for no address', (text) => {
    expect(addressAllowed(text, ['0.0.0.0/0', '::/0'])).toBe(false);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '::/129', 'x/8', '10.0.0.0/', ''])(
    'takes %o for no network',
    (text) => {
      expect(isCidr(text)).toBe(false);
      expect(addressAllowed('10.0.0.1', [text])).toBe(false);
    },
  );

  it.each(['10.0.0.0/8', '::/0', '2001:db8::/32', '::ffff:10.0.0.0/104'])('takes %s for a network', (text) => {
    expect(isCidr(text)).toBe(true);
  });

  it('lets an IPv4 address through exactly when its leading bits are those of the network', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        fc.tuple(octet, octet, octet, octet),
        fc.tuple(octet, octet, octet, octet),
        fc.integer({ min: 0, max: 32 }),
        (one, other, bits) => {
          const binary = (octets: readonly number[]) => octets.map((value) => value.toString(2).padStart(8, '0')).join('');
          const special = one[0] === 0 || one[0] === 127 || one[0] >= 224 || (one[0] === 169 && one[1] === 254);
          fc.pre(!special);
          const same = binary(one).slice(0, bits) === binary(other).slice(0, bits);
          expect(addressAllowed(one.join('.'), [`${other.join('.')}/${bits}`])).toBe(same);
        },
      ),
    );
  });
});
