import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { EntityTree } from '@medkit/core';
import { app } from '@medkit/core/testing';
import { peerNames } from './peer-names.ts';

const ARM = app('yard__arm', { addresses: [{ runtime: 'yard', nativeId: 'apps/arm' }] });
const TREE = { all: (kind) => (kind === 'app' ? [ARM] : []) } as Pick<EntityTree, 'all'> as EntityTree;

it('the id of an entity is replaced with its local id in every address of its resources, also of its files', () => {
  const names = peerNames(TREE, 'yard') ?? assert.fail('it has no names');
  const document = {
    href: '/api/v1/apps/arm/faults/JAM',
    snapshots: [{ bulk_data_uri: '/apps/arm/bulk-data/rosbags/a' }],
  };
  const here = {
    href: '/api/v1/apps/yard__arm/faults/JAM',
    snapshots: [{ bulk_data_uri: '/apps/yard__arm/bulk-data/rosbags/a' }],
  };
  assert.deepEqual(names.here(document), here);
  assert.deepEqual(names.there(here), document);
  const other = { bulk_data_uri: 'apps/arm/bulk-data/rosbags/a' };
  assert.deepEqual(names.here(other), other);
});
