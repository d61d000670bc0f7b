import { windowOf } from './io.ts';
import type { ArrayState, Volume } from './model.ts';

const writtenBySome = /~\d+$/;

const isWrittenTo = ({ io, mappings }: Volume): boolean =>
  io !== null && io.writeIops > 0 && mappings.some(({ accessMode }) => accessMode === 'ReadWrite');

/** What was on a volume at a time: its label and, while its hosts write, the window of the writes that came last. */
export const contentOf = (volume: Volume, atMs: number): string =>
  isWrittenTo(volume) ? `${volume.content.replace(writtenBySome, '')}~${windowOf(atMs)}` : volume.content;

/** Called before its hosts may stop to write: what they wrote last stays. */
export function keepContent({ clock }: ArrayState, volume: Volume): void {
  volume.content = contentOf(volume, clock.nowMs());
}
