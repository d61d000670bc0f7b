/** What came with which release of the management interface. */
const introduced = {
  'access modes of mappings': '3.0',
  'net capacity figures': '3.0',
  'fine granularity pools': '3.0',
  'overwriting a volume with a snapshot': '3.0',
  'migration of a VTree': '3.0',
  'latency figures of volumes': '3.0',
  'snapshot capacity under its new name': '3.5',
  'protected maintenance mode': '3.5',
  'hosts by NVMe over TCP': '4.0',
  'users of a single sign-on': '4.0',
} as const;
export type Feature = keyof typeof introduced;

const numbersOf = (version: string): readonly number[] => version.split('.').map(Number);

/** By the first two numbers: 3.10 is later than 3.9. */
export const isAtLeast = (apiVersion: string, wanted: string): boolean => {
  const [major = 0, minor = 0] = numbersOf(apiVersion);
  const [wantedMajor = 0, wantedMinor = 0] = numbersOf(wanted);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
};

export const has = (apiVersion: string, feature: Feature): boolean => isAtLeast(apiVersion, introduced[feature]);

export const introducedIn = (feature: Feature): string => introduced[feature];
