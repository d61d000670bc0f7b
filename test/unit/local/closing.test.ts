import { describe, expect, it } from 'vitest';
import { closing } from '../../../local/closing.ts';

describe('closing', () => {
  it('closes what was opened last first, each after the one before has closed', async () => {
    const closed: string[] = [];
    const closers = closing();
    closers.add(() => closed.push('first opened'));
    closers.add(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      closed.push('last opened');
    });
    await closers.close();
    expect(closed).toEqual(['last opened', 'first opened']);
  });

  it('closes the rest when one fails, and then tells the first failure', async () => {
    const closed: string[] = [];
    const closers = closing();
    closers.add(() => closed.push('data folder'));
    closers.add(() => {
      throw new Error('the store is broken');
    });
    closers.add(() => Promise.reject(new Error('the queue is broken')));
    await expect(closers.close()).rejects.toThrow('the queue is broken');
    expect(closed).toEqual(['data folder']);
  });

  it('asked twice ends both when all is closed, and closes nothing twice', async () => {
    const held = Promise.withResolvers<void>();
    const closed: string[] = [];
    const closers = closing();
    closers.add(() => closed.push('folder'));
    closers.add(() => held.promise);
    const both = [closers.close(), closers.close().then(() => expect(closed).toEqual(['folder']))];
    held.resolve();
    await Promise.all(both);
    expect(closed).toEqual(['folder']);
  });
});
