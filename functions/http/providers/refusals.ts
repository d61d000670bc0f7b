import { ControlPlaneError, type ErrorCode } from '../../../core/errors.ts';
import type { DriverFailure } from '../../../drivers/sdk/errors.ts';

const codes: Readonly<Record<string, ErrorCode>> = {
  'certificate.untrusted': 'provider.certificateUntrusted',
  'certificate.changed': 'provider.certificateChanged',
  'credentials.refused': 'provider.credentialsRefused',
  'address.notAllowed': 'provider.addressNotAllowed',
  'array.unreachable': 'provider.unreachable',
  'array.busy': 'provider.unreachable',
  'time.exhausted': 'provider.unreachable',
  'array.identityChanged': 'provider.otherArray',
};

const fingerprint = (failure: DriverFailure): string => failure.facts?.['certificateSha256'] ?? 'unknown';

const pin = (failure: DriverFailure): string =>
  `if the SHA-256 fingerprint ${fingerprint(failure)} is the gateway's own, send it as certificate_sha256, which trusts exactly this certificate; the password was not sent`;

/** By the code of TLS; another CA would not help there. */
const chainAdvice: Readonly<Record<string, (failure: DriverFailure) => string>> = {
  CERT_HAS_EXPIRED: (failure) => `renew it at the gateway; or, ${pin(failure)}`,
  CERT_NOT_YET_VALID: (failure) => `look at the gateway's clock and at its certificate; or, ${pin(failure)}`,
  ERR_TLS_CERT_ALTNAME_INVALID: (failure) =>
    `send as ip_address a name or address that the certificate has, or give the gateway a certificate that has this one; or, ${pin(failure)}`,
};

const untrustedAdvice = (failure: DriverFailure): string =>
  `its SHA-256 fingerprint is ${fingerprint(failure)}; compare it at the gateway and, if it is right, send it as certificate_sha256, or send the CA that signed it as ca_certificate; the password was not sent`;

const advice: Readonly<Record<string, (failure: DriverFailure) => string>> = {
  'certificate.untrusted': (failure) => (chainAdvice[failure.nativeCode ?? ''] ?? untrustedAdvice)(failure),
  'certificate.changed': (failure) =>
    `the gateway shows the SHA-256 fingerprint ${fingerprint(failure)}; if the gateway was given a new certificate, send that as certificate_sha256; the password was not sent`,
  'credentials.refused': () => 'user_name or password is wrong; it was tried once',
  'array.unreachable': () => 'check ip_address and port_number, and that the network lets the driver through',
  'array.identityChanged': () => 'another array is behind this address; register it as a storage provider of its own',
};

const sentence = (failure: DriverFailure): string => {
  const native = failure.nativeMessage ? ` (the array says: ${failure.nativeMessage})` : '';
  const what = advice[failure.code]?.(failure);
  return `${failure.message}${native}${what ? `; ${what}` : ''}`;
};

/** A driver's failure to connect, as the answer to who registers the array. */
export const refusalOf = (failure: DriverFailure): ControlPlaneError =>
  new ControlPlaneError(sentence(failure), { code: codes[failure.code] ?? 'provider.refused', cause: failure });
