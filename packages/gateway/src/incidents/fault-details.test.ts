import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { indexEntities } from '@medkit/core';
import { app, component, entityLists } from '@medkit/core/testing';
import { faultHref, recordingHref } from './fault-details.ts';

const arm = app('arm', { componentId: 'amr' });
const tree = indexEntities(entityLists({ components: [component('amr')], apps: [arm] }), 1);
const nothing = indexEntities(entityLists({}), 1);
const href = (code: string, id: string | undefined, at = tree) =>
  faultHref(at, { entity: id && { type: 'app', id }, origin: 'local', code } as never);

describe('the address of a fault of an incident', () => {
  it('is valid whatever another gateway calls the fault', () => {
    assert.equal(href('A/B', 'arm'), '/api/v1/apps/arm/faults/A%2FB');
    assert.equal(href('a\ud800', 'arm'), '/api/v1/apps/arm/faults/a%EF%BF%BD');
    assert.equal(href('A', undefined, nothing), undefined);
  });

  it('is at the host component once the reporter has left', () => {
    assert.equal(href('A', 'planner'), '/api/v1/components/amr/faults/A');
    assert.equal(href('A', undefined), '/api/v1/components/amr/faults/A');
    assert.equal(href('A', 'planner', nothing), '/api/v1/apps/planner/faults/A', 'as it was, without a host');
  });
});

describe('the address of a recording of an incident', () => {
  it('is at the host component once the reporter has left', () => {
    const at = (id: string) => recordingHref(tree, `/api/v1/apps/${id}/bulk-data/rosbags/fault_A_1`);
    assert.equal(at('arm'), '/api/v1/apps/arm/bulk-data/rosbags/fault_A_1');
    assert.equal(at('planner'), '/api/v1/components/amr/bulk-data/rosbags/fault_A_1');
    assert.equal(recordingHref(tree, 'elsewhere'), 'elsewhere');
  });
});
