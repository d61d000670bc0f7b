import { describe, expect, it } from 'vitest';
import { pairRef } from '../../../../drivers/sdk/refs.ts';
import { schemasOf } from '../../../../drivers/sdk/wire/families.ts';
import { verbInputs, verbOutputs } from '../../../../drivers/sdk/wire/verbs.ts';
import { arrayConnection, driverAnswer } from '../../../../drivers/sdk/wire.ts';

const volume = { kind: 'committed', nativeId: 'n', expectedName: 'e', createdAt: '2026-01-01T00:00:00Z', sizeBytes: 8, poolNativeId: 'p' };
const fingerprint = new Array(32).fill('AB').join(':');
const connection = (host: string) => ({ endpoints: [{ host, port: 443 }], tls: { mode: 'public' } });

describe('the shape of requests', () => {
  it('takes a ref only once in a batch, since answers are told apart by it', () => {
    const item = { ref: 'same', volume };
    expect(verbInputs.readVolumes.safeParse({ items: [item, item] }).error?.issues[0]?.message).toBe('a ref stands twice');
    expect(verbInputs.readVolumes.safeParse({ items: [item, { ...item, ref: 'other' }] }).success).toBe(true);
  });

  it('drops fields it does not know', () => {
    expect(verbInputs.readVolumes.parse({ items: [{ ref: 'a', volume, later: 1 }], more: 2 })).toEqual({ items: [{ ref: 'a', volume }] });
  });

  it.each(['array.example', '10.0.0.1', '2001:db8::1', 'a', 'gateway-1.example.com', 'under_score'])('takes the host %s', (host) => {
    expect(arrayConnection.safeParse(connection(host)).success).toBe(true);
  });

  it.each(['user@host', 'host/path', 'host:443/x', 'ho st', '', '-x', 'http://h', '[::1]'])('takes no host %o', (host) => {
    expect(arrayConnection.safeParse(connection(host)).success).toBe(false);
  });

  it.each([
    [{ mode: 'pinned', sha256: [fingerprint] }, true],
    [{ mode: 'pinned', sha256: [] }, true],
    [{ mode: 'pinned', sha256: [fingerprint.toLowerCase()] }, false],
    [{ mode: 'pinned', sha256: new Array(16).fill(fingerprint) }, true],
    [{ mode: 'pinned', sha256: new Array(17).fill(fingerprint) }, false],
    [{ mode: 'insecure' }, false],
  ])('judges the trust %o: %s', (tls, good) => {
    expect(arrayConnection.safeParse({ ...connection('h'), tls }).success).toBe(good);
  });

  it('knows an answer with output from one with an error', () => {
    const gatewayCalls = { login: 0, read: 0, change: 0 };
    expect(driverAnswer.parse({ gatewayCalls, output: { items: [] } })).toEqual({ gatewayCalls, output: { items: [] } });
    const error = { name: 'DriverBusy', code: 'array.busy', message: 'm' };
    expect(driverAnswer.parse({ gatewayCalls, error })).toEqual({ gatewayCalls, error });
    expect(driverAnswer.safeParse({ gatewayCalls, error: { ...error, name: 'Oops' } }).success).toBe(false);
  });

  it('names a pair of a volume and an initiator', () => {
    expect(pairRef('urn:v', 'urn:i')).toBe('urn:v urn:i');
  });

  it('has for every verb what it takes, but for those that take nothing, and what it answers', () => {
    expect(Object.keys(verbOutputs).filter((verb) => !(verb in verbInputs))).toEqual(['checkConnection', 'identify']);
    expect(verbOutputs.readVolumes.safeParse({ items: [{ ref: 'a', status: 'done', outcome: 'found', later: 1 }], more: 2 }).success).toBe(
      true,
    );
    expect(verbOutputs.readVolumes.safeParse({ items: [{ ref: 'a', status: 'perhaps' }] }).success).toBe(false);
  });

  it.each(Object.keys(verbOutputs))('of %s is the published one', async (verb) => {
    const inputs: Readonly<Record<string, unknown>> = verbInputs;
    const outputs: Readonly<Record<string, unknown>> = verbOutputs;
    const schemas = await schemasOf(verb);
    expect(schemas.input).toBe(inputs[verb]);
    expect(schemas.output).toBe(outputs[verb]);
  });

  it('takes the members of a group only once', () => {
    const member = { ref: 'same', copy: volume };
    const group = { ref: 'g', copiesAre: 'snapshots', members: [member, member] };
    expect(verbInputs.readGroups.safeParse({ items: [group] }).error?.issues[0]?.message).toBe('a ref stands twice');
  });
});
