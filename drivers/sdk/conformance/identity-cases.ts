import assert from 'node:assert/strict';
import { contractVersion } from '../driver.ts';
import type { ArrayIdentity } from '../model.ts';
import type { ConformanceCase } from './case.ts';
import { changesNothing, failsWith } from './expect.ts';

const wrongFingerprint = new Array(32).fill('00').join(':');

export const identityCases: readonly ConformanceCase[] = [
  {
    name: 'tells who answers, by the pinned id',
    capability: 'identity',
    async run({ output, target }) {
      const identity = await output<ArrayIdentity>('identify', null);
      assert.equal(identity.arrayId, target.arrayId);
      assert.ok(identity.vendor && identity.model && identity.version);
    },
  },
  {
    name: 'checks a connection without a pinned array and changes nothing',
    capability: 'identity',
    async run({ request, target }) {
      const { arrayId: _pinned, secretId: _secret, ...rest } = request('checkConnection', null, { credentials: target.credentials });
      const answer = await target.serve(rest, target.allowedCidrs);
      assert.equal((answer.output as ArrayIdentity | undefined)?.arrayId, target.arrayId, JSON.stringify(answer));
      changesNothing(answer);
    },
  },
  {
    name: 'refuses a wrong password and does not repeat it',
    capability: 'identity',
    async run({ serve, target }) {
      const password = `${target.credentials.password}-wrong`;
      const answer = await serve('checkConnection', null, { credentials: { ...target.credentials, password } });
      failsWith(answer, 'DriverRejected', 'credentials.refused');
      assert.ok(!JSON.stringify(answer).includes(password), 'an answer never holds a password');
    },
  },
  {
    name: 'takes credentials in a request only to check a connection',
    capability: 'identity',
    async run({ serve, target }) {
      failsWith(await serve('identify', null, { credentials: target.credentials }), 'DriverRejected', 'request.invalid');
    },
  },
  {
    name: 'refuses an array that is not the pinned one',
    capability: 'identity',
    async run({ serve }) {
      failsWith(await serve('identify', null, { arrayId: 'not-this-array' }), 'DriverRejected', 'array.identityChanged');
    },
  },
  {
    name: 'notices that another array answers in the middle of a session',
    capability: 'identity',
    needs: ['faults'],
    async run({ serve, faults }) {
      assert.equal((await serve('identify', null)).error, undefined);
      await faults.swapArray();
      failsWith(await serve('identify', null), 'DriverRejected', 'array.identityChanged');
      await faults.clear();
      assert.equal((await serve('identify', null)).error, undefined);
    },
  },
  {
    name: 'refuses a certificate that is not pinned, tells its fingerprint, and sends nothing',
    capability: 'identity',
    needs: ['tls'],
    async run({ serve, target }) {
      const tls = { mode: 'pinned', sha256: [wrongFingerprint] } as const;
      const answer = await serve('identify', null, { connection: { ...target.connection, tls } });
      failsWith(answer, 'DriverRejected', 'certificate.changed');
      assert.match(answer.error?.facts?.['certificateSha256'] ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    },
  },
  {
    name: 'shows the fingerprint of a certificate that nobody has trusted yet',
    capability: 'identity',
    needs: ['tls'],
    async run({ serve, target }) {
      const connection = { ...target.connection, tls: { mode: 'pinned', sha256: [] } as const };
      const answer = await serve('checkConnection', null, { connection, credentials: target.credentials });
      failsWith(answer, 'DriverRejected', 'certificate.untrusted');
      assert.ok(answer.error?.facts?.['certificateSha256']);
    },
  },
  {
    name: 'connects to no address outside the networks of arrays',
    capability: 'identity',
    needs: ['network'],
    async run({ request, target }) {
      const answer = await target.serve(request('identify', null, { arrayId: 'unused' }), ['203.0.113.0/24']);
      failsWith(answer, 'DriverRejected', 'address.notAllowed');
    },
  },
  {
    name: 'is busy, not refused, when nobody answers at the address',
    capability: 'identity',
    needs: ['network'],
    async run({ serve, target }) {
      const endpoints = target.connection.endpoints.map(({ host }) => ({ host, port: 1 }));
      failsWith(await serve('identify', null, { connection: { ...target.connection, endpoints } }), 'DriverBusy', 'array.unreachable');
    },
  },
  {
    name: 'goes on to the second endpoint when the first is dead',
    capability: 'identity',
    needs: ['network'],
    async run({ serve, target }) {
      const dead = target.connection.endpoints.map(({ host }) => ({ host, port: 1 }));
      const connection = { ...target.connection, endpoints: [...dead, ...target.connection.endpoints].slice(0, 8) };
      assert.equal((await serve('identify', null, { connection })).error, undefined);
    },
  },
  {
    name: 'refuses a contract version it does not speak',
    capability: 'identity',
    async run({ serve }) {
      failsWith(await serve('identify', null, { contractVersion: contractVersion + 1 }), 'DriverRejected', 'request.invalid');
    },
  },
  {
    name: 'ignores fields it does not know',
    capability: 'identity',
    async run({ request, target }) {
      const answer = await target.serve({ ...request('identify', null), addedLater: true }, target.allowedCidrs);
      assert.equal(answer.error, undefined, JSON.stringify(answer));
    },
  },
  {
    name: 'starts nothing after the deadline',
    capability: 'identity',
    async run({ serve }) {
      failsWith(await serve('identify', null, { deadline: Date.now() - 1 }), 'DriverBusy', 'time.exhausted');
    },
  },
  {
    name: 'logs in again by itself when its session has ended',
    capability: 'identity',
    needs: ['faults'],
    async run({ serve, faults }) {
      assert.equal((await serve('identify', null)).error, undefined);
      await faults.expireSessions();
      assert.equal((await serve('identify', null)).error, undefined);
    },
  },
];
