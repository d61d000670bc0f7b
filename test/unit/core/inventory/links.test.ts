import { describe, expect, it } from 'vitest';
import { referenceBody, resourceHref, stubBody } from '../../../../core/inventory/links.ts';
import { projectId, vpoolId } from '../../../support/block-world.ts';

describe('the link of a resource', () => {
  it('is where it is read, told by the id alone', () => {
    expect(resourceHref(vpoolId)).toBe(`/block/vpools/${vpoolId}`);
    expect(stubBody({ id: projectId, name: 'finance' })).toEqual({
      id: projectId,
      name: 'finance',
      link: { rel: 'self', href: `/projects/${projectId}` },
    });
  });

  it.each(['urn:storageos:Cluster:00000000-0000-4000-8000-000000000001:vdc1', 'no id'])(
    'of no kind that has a place (%s) is the id',
    (id) => {
      expect(referenceBody(id)).toEqual({ id, link: { rel: 'self', href: `/${id}` } });
    },
  );
});
