/** REST API versions whose answers are known well enough to imitate. */
export const apiVersions = ['2.5', '3.0', '3.6', '4.5'] as const;
export type ApiVersion = (typeof apiVersions)[number];

export function atLeast(version: ApiVersion, wanted: ApiVersion): boolean {
  return apiVersions.indexOf(version) >= apiVersions.indexOf(wanted);
}

export function isApiVersion(text: string): text is ApiVersion {
  return apiVersions.some((version) => version === text);
}

/** Software versions as the objects of that API version print them. */
export const softwareVersions: Record<ApiVersion, string> = {
  '2.5': 'R2_6.0.0',
  '3.0': 'R3_0.0.0',
  '3.6': 'R3_6.0.0',
  '4.5': 'R4_5.0.0',
};
