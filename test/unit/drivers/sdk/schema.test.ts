import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { capabilityVerbs } from '../../../../drivers/sdk/capabilities.ts';
import { driverSchema } from '../../../../drivers/sdk/schema.ts';

const published = new URL('../../../../docs/api/driver.schema.json', import.meta.url);
const isUpdating = process.env['UPDATE_GOLDEN'] === '1';
const schema = driverSchema();
const text = `${JSON.stringify(schema, null, 2)}\n`;

const refsIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (key === '$ref' && typeof part === 'string' ? [part] : refsIn(part)));
};

describe('the published contract', () => {
  it('is the one that drivers are held to (UPDATE_GOLDEN=1 rewrites it)', () => {
    if (isUpdating) writeFileSync(published, text);
    expect(text).toBe(readFileSync(published, 'utf8'));
  });

  it('has every verb, with the capability that it belongs to', () => {
    const { verbs } = schema as { verbs: Record<string, { capability: string }> };
    for (const [capability, names] of Object.entries(capabilityVerbs)) {
      for (const name of names) expect(verbs[name]?.capability).toBe(capability);
    }
    expect(Object.keys(verbs)).toHaveLength(Object.values(capabilityVerbs).flat().length + 2);
  });

  it('points at nothing that it does not hold', () => {
    const definitions = Object.keys(schema['$defs'] as object).map((id) => `#/$defs/${id}`);
    const refs = refsIn(schema);
    expect(refs).toContain('#/$defs/ensureSnapshots.input');
    expect(refs.filter((ref) => !definitions.includes(ref))).toEqual([]);
  });
});
