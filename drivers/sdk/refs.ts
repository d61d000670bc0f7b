/** How `ensureExports` names the pair of a volume and an initiator in its answer. Refs never contain a space. */
export const pairRef = (volumeRef: string, initiatorRef: string): string => `${volumeRef} ${initiatorRef}`;

/** The volume's ref in what `pairRef` made. */
export const volumeRefOf = (ref: string): string => ref.slice(0, ref.indexOf(' '));
