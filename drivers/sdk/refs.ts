/** How `ensureExports` names the pair of a volume and an initiator in its answer. Refs never contain a space. */
export const pairRef = (volumeRef: string, initiatorRef: string): string => `${volumeRef} ${initiatorRef}`;
