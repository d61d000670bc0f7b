import { readFileSync } from 'node:fs';

/** Licences that may be shipped; what only builds and tests may also be under the Mozilla Public License. */
const shipped = ['MIT', 'MIT-0', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'ISC', 'BlueOak-1.0.0'];
const tools = [...shipped, 'MPL-2.0'];

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** `A OR B` passes if one side does, `A AND B` if both do. */
export const isAllowed = (licence: string, allowed: readonly string[]): boolean => {
  const plain = licence.replace(/[()]/g, '').trim();
  if (plain.includes(' OR ')) return plain.split(' OR ').some((side) => isAllowed(side, allowed));
  if (plain.includes(' AND ')) return plain.split(' AND ').every((side) => isAllowed(side, allowed));
  return allowed.includes(plain);
};

/** Packages of a lock file whose licence may not be used, a sentence each. */
export const refusedLicences = (packages: Readonly<Record<string, LockedPackage>>): string[] =>
  Object.entries(packages).flatMap(([path, locked]) => {
    if (path === '' || locked.link) return [];
    const allowed = locked.dev ? tools : shipped;
    return isAllowed(locked.license ?? 'none', allowed)
      ? []
      : [`${path}: ${locked.license ?? 'no licence'}${locked.dev ? '' : ', and it is shipped'}`];
  });

export const lockedPackages = (): Readonly<Record<string, LockedPackage>> => JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
