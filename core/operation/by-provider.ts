/** Items by the storage provider that holds them, in their order. */
export const byProvider = <T extends { readonly providerId: string }>(items: readonly T[]): [string, T[]][] => {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(item.providerId, [...(groups.get(item.providerId) ?? []), item]);
  return [...groups];
};
