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

const advice: Readonly<Record<string, (failure: DriverFailure) => string>> = {
  'certificate.untrusted': (failure) =>
    `its SHA-256 fingerprint is ${fingerprint(failure)}; compare it at the gateway and, if it is right, send it as certificate_sha256, or send the CA as ca_certificate; the password was not sent`,
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
