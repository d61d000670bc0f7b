import type { ObservedVolume } from '../../drivers/sdk/model.ts';
import type { Condition, Write } from '../change.ts';
import { changed } from '../inventory/changes.ts';
import { type Volume, volumeSchema } from '../inventory/schemas.ts';
import type { SettledPart, Settling, StepAnswers } from '../operation/steps.ts';
import { notCountedSince } from '../quota/limits.ts';
import { taskIdOf } from '../urn.ts';

/** The volume as it is now. A workflow's volumes are never deleted from the store. */
export const volumeNow = (settling: Pick<Settling<unknown>, 'row'>, id: string): Volume => volumeSchema.parse(settling.row(id));

export const answerOf = (answers: StepAnswers, ref: string): StepAnswers[number] | undefined =>
  answers.find((answer) => answer.ref === ref);

/** What a driver told of a volume; its contract gives the shape. */
export const observedVolume = (answer: StepAnswers[number] | undefined): ObservedVolume | undefined =>
  answer?.observed as ObservedVolume | undefined;

/** The task by which an operation on volumes holds one of them. */
const lockOf = ({ operation }: Pick<Settling<unknown>, 'operation'>, id: string): string => taskIdOf(operation.id, id);

type At = Pick<Settling<unknown>, 'operation' | 'author'>;

const release = (settling: At, volume: Volume, { patch, when }: { patch: Partial<Volume>; when: readonly Condition[] }): Write[] =>
  changed(
    volume,
    { ...patch, activeTaskId: undefined },
    {
      author: settling.author,
      guard: {
        when: [{ attribute: 'activeTaskId', is: '=', value: lockOf(settling, volume.id) }, ...when],
        otherwise: { code: 'resource.changed', message: `the volume ${volume.id} is not locked by this operation` },
      },
    },
  );

/** Ends the work on a volume; conditional on this operation's lock. */
export const releaseVolume = (settling: At, volume: Volume, patch: Partial<Volume>): Write[] =>
  release(settling, volume, { patch, when: [] });

/** The same where something is given back: to the quotas that it is counted in as it was read. */
export const releaseCounted = (settling: At, volume: Volume, patch: Partial<Volume>): Write[] =>
  release(settling, volume, { patch, when: notCountedSince(volume) });

/** It is forgotten; the array may still have it. */
export const releasedVolume: Partial<Volume> = { state: 'released', inactive: true };

/** Its record stays, `inactive`; it is in no list any more. */
export const removedVolume: Partial<Volume> = { state: 'deleted', inactive: true };

/** How the work on one volume ends, with its task. */
export const settledVolume = (
  settling: Pick<Settling<unknown>, 'operation'>,
  id: string,
  end: Omit<SettledPart, 'resourceId' | 'lock'>,
): SettledPart => ({ resourceId: id, lock: lockOf(settling, id), ...end });
