import { describe, expect, it } from 'vitest';
import { announcement } from '../../../local/announcement.ts';

const host = { url: 'http://127.0.0.1:8080', controlUrl: 'http://127.0.0.1:1', rootPassword: 'secret-1' };
const start = { host, dataDir: '/data', arrays: [], shownFile: '/data/root-password-shown', isShown: false };
const array = {
  displayName: 'Alpha',
  port: 7443,
  user: 'admin',
  password: 'Secret123!',
  fingerprint: 'AB:CD',
  controlPort: '2',
};

describe('what a start says', () => {
  it('is where to go, as whom, with which password, and how to end it', () => {
    const text = announcement({ ...start, host: { ...host, tlsUrl: 'https://127.0.0.1:4443' } });
    for (const part of [
      'Ctrl-C',
      'http://127.0.0.1:8080/openapi.json',
      'https://127.0.0.1:4443/',
      'user root, shown this once: secret-1',
      '/data',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('Simulated');
  });

  it('has the password only once, and then says how to see it again', () => {
    const text = announcement({ ...start, isShown: true });
    expect(text).not.toContain('secret-1');
    expect(text).toContain('remove /data/root-password-shown');
  });

  it('names address, credentials, certificate and control of each simulated array', () => {
    const text = announcement({ ...start, arrays: [array] });
    for (const part of ['(Alpha)', '127.0.0.1, port 7443', 'admin, password Secret123!', 'AB:CD', 'http://127.0.0.1:2'])
      expect(text).toContain(part);
  });

  it('leaves out what a simulator does not say', () => {
    const silent = { displayName: 'Beta', port: 1, user: undefined, password: undefined, fingerprint: undefined, controlPort: undefined };
    expect(announcement({ ...start, arrays: [silent] })).not.toMatch(/undefined|User: {4}/);
  });
});
