import { isIP } from 'node:net';
import { ControlPlaneError } from '../../../core/errors.ts';
import { driverForInterface, drivers } from '../../../drivers/registry.ts';
import { addressAllowed } from '../../../drivers/sdk/cidr.ts';
import type { DriverDeclaration, TlsTrust } from '../../../drivers/sdk/driver.ts';

export const requireDriver = (interfaceType: string): DriverDeclaration => {
  const driver = driverForInterface(interfaceType);
  if (driver) return driver;
  const known = drivers.map((each) => `${each.interfaceType} (${each.displayName})`).join(', ');
  throw new ControlPlaneError(`interface_type: there is no driver for ${JSON.stringify(interfaceType.slice(0, 60))}; known are ${known}`, {
    code: 'request.parameterInvalid',
  });
};

/** What a name stands for is checked by the driver, which resolves it. */
export const checkAddress = (address: string, cidrs: readonly string[]): void => {
  if (isIP(address) === 0 || addressAllowed(address, cidrs)) return;
  const allowed = cidrs.length > 0 ? `arrays may be in ${cidrs.join(', ')}` : 'no network is configured for arrays (arrayCidrs)';
  throw new ControlPlaneError(`ip_address: ${address} is not allowed; ${allowed}`, { code: 'provider.addressNotAllowed' });
};

interface TrustGiven {
  readonly certificate_sha256?: string | undefined;
  readonly ca_certificate?: string | undefined;
}

/** How the certificate is judged; undefined when the request does not say. */
export const trustGiven = ({ certificate_sha256: fingerprint, ca_certificate: pem }: TrustGiven): TlsTrust | undefined => {
  if (fingerprint !== undefined && pem !== undefined)
    throw new ControlPlaneError('certificate_sha256 and ca_certificate exclude each other; send one', { code: 'request.invalid' });
  if (fingerprint !== undefined) return { mode: 'pinned', sha256: [fingerprint] };
  return pem === undefined ? undefined : { mode: 'ca', pem };
};

export const trustOf = (driver: DriverDeclaration, useSsl: boolean, given: TrustGiven): TlsTrust => {
  if (useSsl) return trustGiven(given) ?? { mode: 'public' };
  if (driver.plainHttpAllowed) return { mode: 'none' };
  throw new ControlPlaneError(`use_ssl: ${driver.displayName} is spoken to over TLS alone; leave use_ssl out or send true`, {
    code: 'request.parameterInvalid',
  });
};
