import type { TlsTrust } from '../../drivers/sdk/driver.ts';
import { ControlPlaneError } from '../errors.ts';
import type { StorageProvider } from '../inventory/schemas.ts';

/** The gateways of one array: how each is reached, and by what certificates they are trusted. */

type StoredEndpoint = StorageProvider['endpoints'][number];
type Connected = Pick<StorageProvider, 'name' | 'endpoints' | 'tls'>;

export interface Address {
  readonly host: string;
  readonly port: number;
}

const mostEndpoints = 8;

const isAt = (endpoint: Address, { host, port }: Address): boolean => endpoint.host === host && endpoint.port === port;

export const hasEndpoint = ({ endpoints }: Connected, address: Address): boolean => endpoints.some((endpoint) => isAt(endpoint, address));

const pinOf = (tls: TlsTrust): string | undefined => (tls.mode === 'pinned' ? tls.sha256[0] : undefined);

/** An endpoint that is trusted so. */
export const endpointOf = ({ host, port }: Address, tls: TlsTrust): StoredEndpoint => {
  const certificateSha256 = pinOf(tls);
  return { host, port, ...(certificateSha256 === undefined ? {} : { certificateSha256 }) };
};

export const storedTrust = (tls: TlsTrust): StorageProvider['tls'] =>
  tls.mode === 'pinned' ? { mode: 'pinned', sha256: [...tls.sha256] } : tls;

const caOf = (tls: TlsTrust): string => (tls.mode === 'ca' ? tls.pem : '');

const sameWay = (a: TlsTrust, b: TlsTrust): boolean => a.mode === b.mode && caOf(a) === caOf(b);

const withPins = (tls: TlsTrust, pins: readonly string[]): StorageProvider['tls'] =>
  tls.mode === 'pinned' ? { mode: 'pinned', sha256: [...new Set(pins)] } : storedTrust(tls);

/** All gateways of an array are trusted in one way; pinned certificates are collected. */
export const withEndpoint = (provider: Connected, address: Address, tls: TlsTrust): Pick<StorageProvider, 'endpoints' | 'tls'> => {
  if (provider.endpoints.length >= mostEndpoints)
    throw new ControlPlaneError(`${provider.name} has ${mostEndpoints} gateways, the most that a storage provider may have`, {
      code: 'request.limit',
    });
  if (!sameWay(provider.tls, tls))
    throw new ControlPlaneError(
      `the gateways of one array are trusted in one way, and those of ${provider.name} by ${ways[provider.tls.mode]}; send the same for this one`,
      { code: 'request.invalid' },
    );
  const known = provider.tls.mode === 'pinned' ? provider.tls.sha256 : [];
  const added = endpointOf(address, tls);
  return { endpoints: [...provider.endpoints, added], tls: withPins(tls, [...known, ...pins([added])]) };
};

const ways: Readonly<Record<TlsTrust['mode'], string>> = {
  public: 'a public CA (neither certificate_sha256 nor ca_certificate)',
  ca: 'the given CA (ca_certificate)',
  pinned: 'their certificates (certificate_sha256)',
  none: 'nothing, over plain HTTP (use_ssl)',
};

const pins = (endpoints: readonly StoredEndpoint[]): string[] => endpoints.flatMap(({ certificateSha256 }) => certificateSha256 ?? []);

/** With its certificate, unless another gateway shows the same. */
export const withoutEndpoint = (provider: Connected, address: Address): Pick<StorageProvider, 'endpoints' | 'tls'> => {
  const endpoints = provider.endpoints.filter((endpoint) => !isAt(endpoint, address));
  if (endpoints.length === provider.endpoints.length)
    throw new ControlPlaneError(`${provider.name} has no gateway at ${address.host}:${address.port}`, { code: 'request.parameterInvalid' });
  if (endpoints.length === 0)
    throw new ControlPlaneError(`${address.host}:${address.port} is the only gateway of ${provider.name}; add another one first`, {
      code: 'resource.inUse',
    });
  const dropped = pins(provider.endpoints.filter((endpoint) => isAt(endpoint, address)));
  const kept = provider.tls.mode === 'pinned' ? provider.tls.sha256.filter((pin) => !dropped.includes(pin)) : [];
  return { endpoints, tls: withPins(provider.tls, [...kept, ...pins(endpoints)]) };
};

/** The first gateway is reached or trusted anew. What others are pinned to stays. */
export const withFirstEndpoint = (
  provider: Connected,
  address: Partial<Address>,
  trust: TlsTrust | undefined,
): Pick<StorageProvider, 'endpoints' | 'tls'> => {
  const [first = { host: '', port: 0 }, ...others] = provider.endpoints;
  const { certificateSha256, ...at } = { ...first, ...address };
  if (!trust) return { endpoints: [{ ...first, ...address }, ...others], tls: provider.tls };
  const next = endpointOf(at, trust);
  return { endpoints: [next, ...others], tls: withPins(trust, [...pins([next]), ...pins(others)]) };
};
