import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderInUse, DataFolderUnusable, holdDataFolder } from '../../../local/data-folder.ts';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-'));
  lock = join(folder, 'host.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a data folder', () => {
  it('belongs to one host at a time, within a process as well', () => {
    const held = holdDataFolder(folder);
    expect(() => holdDataFolder(folder)).toThrow(DataFolderInUse);
    held.release();
    holdDataFolder(folder).release();
    expect(existsSync(lock)).toBe(false);
  });

  it('is new until something lies in it', () => {
    const held = holdDataFolder(folder);
    expect(held.isNew).toBe(true);
    writeFileSync(held.part('kept'), '');
    held.release();
    const next = holdDataFolder(folder);
    expect(next.isNew).toBe(false);
    next.release();
  });

  it('of a living host is refused, with its process id', () => {
    writeFileSync(lock, String(process.ppid));
    expect(() => holdDataFolder(folder)).toThrow(`is used by the host with process id ${process.ppid}`);
  });

  it.each([
    ['a host that was killed', () => spawnSync('true').pid],
    ['a host that had the same process id, as in a container', () => process.pid],
    ['a lock that was never finished', () => ''],
  ])('is taken over from %s', (_, holder) => {
    writeFileSync(lock, String(holder()));
    const held = holdDataFolder(folder);
    expect(readFileSync(lock, 'utf8')).toBe(String(process.pid));
    held.release();
  });

  it('that is a file, lies below one, or where nothing can be made, is refused with its path', () => {
    writeFileSync(lock, '');
    for (const path of [lock, join(lock, 'below'), '/proc', '/proc/nowhere/below']) {
      expect(() => holdDataFolder(path)).toThrow(DataFolderUnusable);
      expect(() => holdDataFolder(path)).toThrow(`the data folder ${path} cannot be made or written`);
    }
  });
});
