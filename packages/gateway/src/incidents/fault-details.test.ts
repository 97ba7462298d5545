import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { indexEntities } from '@medkit/core';
import { app, component, entityLists } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import type { RouteReader } from '../route-reader.ts';
import { faultDetails, faultHref, recordingHref } from './fault-details.ts';

const arm = app('arm', { componentId: 'amr' });
const tree = indexEntities(entityLists({ components: [component('amr')], apps: [arm] }), 1);
const nothing = indexEntities(entityLists({}), 1);
const href = (code: string, id: string | undefined, at = tree) =>
  faultHref(at, { entity: id && { type: 'app', id }, origin: 'local', code } as never);

describe('the address of a fault of an incident', () => {
  it('is valid whatever code another gateway gives the fault', () => {
    assert.equal(href('A/B', 'arm'), '/api/v1/apps/arm/faults/A%2FB');
    assert.equal(href('a\ud800', 'arm'), '/api/v1/apps/arm/faults/a%EF%BF%BD');
    assert.equal(href('A', undefined, nothing), undefined);
  });

  it('is at the host component if the reporter has left', () => {
    assert.equal(href('A', 'planner'), '/api/v1/components/amr/faults/A');
    assert.equal(href('A', undefined), '/api/v1/components/amr/faults/A');
    assert.equal(href('A', 'planner', nothing), '/api/v1/apps/planner/faults/A', 'as it was, without a host');
  });
});

describe('the address of a recording of an incident', () => {
  it('is at the host component if the reporter has left', () => {
    const at = (id: string) => recordingHref(tree, `/api/v1/apps/${id}/bulk-data/rosbags/fault_A_1`);
    assert.equal(at('arm'), '/api/v1/apps/arm/bulk-data/rosbags/fault_A_1');
    assert.equal(at('planner'), '/api/v1/components/amr/bulk-data/rosbags/fault_A_1');
    assert.equal(recordingHref(tree, 'elsewhere'), 'elsewhere');
  });
});

describe('faults whose details are still to be read', () => {
  it('leave room for those of all gateways while one gateway reports as many as it can', async () => {
    const clock = new SimulatedClock();
    const codes: unknown[] = [];
    const details = faultDetails({
      book: { known: () => undefined } as never,
      routes: { read: async (_name, target) => void codes.push(target?.path?.['fault_code']) } as Pick<
        RouteReader,
        'read'
      >,
      model: { tree },
      clock,
      log: () => undefined,
      addRow: () => undefined,
    });
    const report = (origin: string, code: string) =>
      details.read({ origin, code, beganMs: clock.wallMs(), entity: { type: 'app', id: 'arm' } } as never);
    for (let number = 0; number < 510; number += 1) report('flood', `F${number}`);
    report('quiet', 'Q');
    assert.deepEqual(details.figures(), { held: 501, capacity: 1000, owners: 2, largest: 500, refused: 10 });
    await clock.advanceAsync(1000, 50);
    assert.ok(codes.includes('Q'));
    assert.equal(details.figures().held, 0);
    details.close();
  });
});
