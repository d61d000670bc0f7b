import { describe, expect, it } from 'vitest';
import { endpointOf, hasEndpoint, withEndpoint, withFirstEndpoint, withoutEndpoint } from '../../../../core/provider/endpoints.ts';
import type { TlsTrust } from '../../../../drivers/sdk/driver.ts';
import { aProvider } from '../../../support/block-world.ts';

const pinned = (...sha256: string[]) => ({ mode: 'pinned' as const, sha256 });
const at = (n: number) => ({ host: `10.0.0.${n}`, port: 443 });
const one = aProvider({ endpoints: [{ ...at(1), certificateSha256: 'A' }], tls: pinned('A') });
const two = { ...one, ...withEndpoint(one, at(2), pinned('B')) };

describe('one more gateway', () => {
  it('is tried after the others, and its certificate is trusted too', () => {
    expect(two).toMatchObject({ endpoints: [at(1), at(2)], tls: pinned('A', 'B') });
    expect([hasEndpoint(two, at(2)), hasEndpoint(two, at(3))]).toEqual([true, false]);
  });

  it.each([{ mode: 'public' }, { mode: 'ca', pem: 'x' }, { mode: 'none' }] as const satisfies TlsTrust[])(
    'is refused when it would be trusted in another way: %o',
    (tls) => {
      expect(() => withEndpoint(one, at(2), tls)).toThrow('by their certificates');
    },
  );

  it('of an array behind a CA needs the same CA', () => {
    const behindCa = { ...one, tls: { mode: 'ca' as const, pem: 'x' }, endpoints: [at(1)] };
    expect(withEndpoint(behindCa, at(2), { mode: 'ca', pem: 'x' })).toEqual({ endpoints: [at(1), at(2)], tls: behindCa.tls });
    expect(() => withEndpoint(behindCa, at(2), { mode: 'ca', pem: 'y' })).toThrow('ca_certificate');
  });

  it('is refused when there are eight', () => {
    const full = { ...one, endpoints: Array.from({ length: 8 }, (_, n) => endpointOf(at(n), pinned())) };
    expect(() => withEndpoint(full, at(9), pinned('B'))).toThrow('8 gateways');
  });
});

describe('a gateway that is removed', () => {
  it('takes its certificate with it', () => {
    expect(withoutEndpoint(two, at(1))).toEqual({ endpoints: [{ ...at(2), certificateSha256: 'B' }], tls: pinned('B') });
  });

  it('leaves a certificate that another gateway shows as well, and one of which it is not known whose it is', () => {
    const endpoints = two.endpoints.map((endpoint) => ({ ...endpoint, certificateSha256: 'A' }));
    expect(withoutEndpoint({ ...two, endpoints, tls: pinned('A', 'C') }, at(1)).tls).toEqual(pinned('C', 'A'));
  });

  it('leaves other ways of trust as they are', () => {
    const behindCa = { ...two, tls: { mode: 'public' as const } };
    expect(withoutEndpoint(behindCa, at(1)).tls).toEqual({ mode: 'public' });
  });

  it('must be there, and must not be the last', () => {
    expect(() => withoutEndpoint(two, at(3))).toThrow('no gateway at 10.0.0.3:443');
    expect(() => withoutEndpoint(one, at(1))).toThrow('the only gateway');
  });
});

describe('the first gateway', () => {
  it('that moves keeps its certificate, and that of the others', () => {
    expect(withFirstEndpoint(two, { host: '10.0.0.9' }, undefined)).toEqual({
      endpoints: [{ host: '10.0.0.9', port: 443, certificateSha256: 'A' }, two.endpoints[1]],
      tls: pinned('A', 'B'),
    });
  });

  it('that shows a new certificate gives up its old one alone', () => {
    expect(withFirstEndpoint(two, {}, pinned('N'))).toEqual({
      endpoints: [{ ...at(1), certificateSha256: 'N' }, two.endpoints[1]],
      tls: pinned('N', 'B'),
    });
  });

  it('is made of what is given when there was none', () => {
    expect(withFirstEndpoint({ ...one, endpoints: [] }, at(1), pinned('N')).endpoints).toEqual([{ ...at(1), certificateSha256: 'N' }]);
  });
});
