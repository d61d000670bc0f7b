import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog } from '../../../local/log.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
  file = join(folder, 'host.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

const lines = () =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe("the host's log", () => {
  it('has one JSON object a line that names the part, whatever the part wrote', () => {
    const log = openLog(file);
    log.write('api', '{"level":"WARN","message":"slow"}');
    log.write('api', 'plain');
    log.write('api', '{broken');
    log.close();
    expect(lines()).toEqual([
      { part: 'api', level: 'WARN', message: 'slow' },
      { part: 'api', level: 'INFO', message: 'plain' },
      { part: 'api', level: 'INFO', message: '{broken' },
    ]);
  });

  it('leaves out what is below its level', () => {
    const log = openLog(file, { level: 'WARN' });
    for (const level of ['DEBUG', 'INFO', 'warn', 'ERROR']) log.write('api', JSON.stringify({ level }));
    log.write('api', '{"metric":1}');
    log.close();
    expect(lines().map(({ level }) => level)).toEqual(['warn', 'ERROR', undefined]);
  });

  it('goes on at the next start, and starts anew when it is large', () => {
    writeFileSync(file, '{"old":1}\n');
    openLog(file).close();
    expect(lines()).toEqual([{ old: 1 }]);
    writeFileSync(file, 'x'.repeat(21 * 1024 * 1024));
    const log = openLog(file);
    log.write('api', 'new');
    log.close();
    expect(lines()).toHaveLength(1);
  });

  it('never grows far beyond 20 MB while the host runs, and keeps one file of what came before', () => {
    const log = openLog(file);
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let written = 1; written <= 22; written += 1) log.write('api', `${written} ${megabyte}`);
    log.close();
    expect(lines().map(({ message }) => message.split(' ')[0])).toEqual(['21', '22']);
    expect(statSync(`${file}.1`).size).toBeGreaterThan(20 * 1024 * 1024);
  });

  it('tells that the disk is full, and lets whoever writes go on', () => {
    const told: unknown[] = [];
    const log = openLog('/dev/full', { onStorageFailure: (error) => told.push(error) });
    log.write('api', 'lost');
    log.close();
    expect(told).toEqual([expect.objectContaining({ code: 'ENOSPC' })]);
  });

  it('takes no notice of what comes when it is closed', () => {
    const log = openLog(file);
    log.close();
    log.write('api', 'late');
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});
