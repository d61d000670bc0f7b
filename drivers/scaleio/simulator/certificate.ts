import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

export interface Certificate {
  certificatePem: string;
  keyPem: string;
}

/** A self-signed certificate for 127.0.0.1 and localhost, new at every start. */
export async function makeCertificate(): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { certificatePem: made.cert, keyPem: made.private };
}

/** SHA-256 of the certificate, upper-case hex with colons. */
export const fingerprint256 = (certificatePem: string) => new X509Certificate(certificatePem).fingerprint256;
