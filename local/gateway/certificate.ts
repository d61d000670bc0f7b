import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

const tenYearsMs = 10 * 365 * 24 * 3600 * 1000;

async function make(): Promise<Certificate> {
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + tenYearsMs),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}

/** The host's own certificate for localhost, made at the first start and kept: `cert.pem` may be given to clients to trust. */
export async function ownCertificate(folder: string): Promise<Certificate> {
  const file = (name: string) => join(folder, name);
  if (existsSync(file('cert.pem')) && existsSync(file('key.pem'))) {
    return { key: readFileSync(file('key.pem'), 'utf8'), cert: readFileSync(file('cert.pem'), 'utf8') };
  }
  const made = await make();
  mkdirSync(folder, { recursive: true });
  writeFileSync(file('key.pem'), made.key, { mode: 0o600 });
  writeFileSync(file('cert.pem'), made.cert);
  return made;
}
