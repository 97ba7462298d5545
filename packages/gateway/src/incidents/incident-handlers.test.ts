import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IncidentDetail, IncidentList, IncidentTimeline } from '@medkit/contract';
import { LOCAL } from '@medkit/core';
import { fault, faultEvent, memoryFaults } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { testGateway } from '../testing/test-gateway.ts';

const INCIDENTS = '/api/v1/x-medkit-incidents';
/** Ten minutes ago on the clock of the test. */
const BEGAN_NS = new SimulatedClock().wallNs() - 600_000_000_000n;
const after = (sec: number): string => new Date(Number(BEGAN_NS / 1_000_000n) + sec * 1000).toISOString();

/** A fault that occurred `sec` seconds after the first. */
const came = (code: string, sec: number, source = '/lidar_driver') => {
  const atNs = BEGAN_NS + BigInt(Math.round(sec * 1e9));
  return fault(code, { firstOccurredNs: atNs, lastOccurredNs: atNs, confirmedAtNs: atNs, sources: [source] });
};
const healed = (one: ReturnType<typeof fault>, sec: number) => ({
  ...one,
  status: 'HEALED' as const,
  healedAtNs: one.confirmedAtNs + BigInt(sec) * 1_000_000_000n,
});

/** A gateway whose fault manager reported `faults`, one event each; `announce` reports more. */
async function setUp(
  faults: readonly ReturnType<typeof fault>[],
  changes: Parameters<typeof testGateway>[0] = {},
  parts: Parameters<typeof testGateway>[3] = {},
) {
  const events = faults.map((each, at) => faultEvent(at + 1, { fault: each, timeNs: each.confirmedAtNs }));
  const incidents = { enabled: true, robot: '', blocks_motion: [], max_faults: 500 };
  const gateway = await testGateway(
    { incidents, ...changes },
    undefined,
    { faults: memoryFaults({ faults, events }) },
    parts,
  );
  let last = events.length;
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn += 1) {
      await gateway.clock.advance(100);
      await new Promise(setImmediate);
    }
  };
  const announce = async (one: ReturnType<typeof fault>): Promise<void> => {
    last += 1;
    const type = one.status === 'HEALED' ? 'fault_cleared' : 'fault_confirmed';
    const event = faultEvent(last, { type, fault: one, timeNs: one.healedAtNs || one.confirmedAtNs });
    gateway.model.events.emit('fault.event', { runtime: 'memory', origin: LOCAL, event });
    await settle();
  };
  const ask = async <Body>(path = '', method: 'GET' | 'PUT' | 'POST' = 'GET', payload?: object) => {
    const headers = { host: 'localhost:8080', 'x-client-id': 'jan' };
    const reply = await gateway.app.inject({ method, url: INCIDENTS + path, headers, ...(payload && { payload }) });
    return { status: reply.statusCode, headers: reply.headers, body: (reply.body && reply.json()) as Body };
  };
  const list = async (query = '') => (await ask<IncidentList>(query)).body.items;
  await settle();
  return { ...gateway, announce, ask, list, settle };
}

describe('incidents', () => {
  it('contain the faults of related entities that occur within seconds, and no others', async () => {
    const { list, ask } = await setUp([
      came('SCAN_LOST', 0),
      came('SCAN_LATE', 3),
      came('PACK_LOW', 4, '/battery_monitor'),
      came('SCAN_DIRTY', 60),
    ]);
    assert.deepEqual(
      (await list()).map(({ id, root, fault_count, state }) => [id, root, fault_count, state]),
      [
        ['inc_4', 'SCAN_DIRTY', 1, 'open'],
        ['inc_3', 'PACK_LOW', 1, 'open'],
        ['inc_1', 'SCAN_LOST', 2, 'open'],
      ],
    );
    const { body } = await ask<IncidentDetail>('/inc_1');
    assert.deepEqual(
      body.faults.map(({ fault_code, role, because, delay_ms, href }) => [fault_code, role, because, delay_ms, href]),
      [
        ['SCAN_LOST', 'root', 'first', 0, '/api/v1/apps/lidar_driver/faults/SCAN_LOST'],
        ['SCAN_LATE', 'same', 'entity', 3000, '/api/v1/apps/lidar_driver/faults/SCAN_LATE'],
      ],
    );
    assert.equal(body.motion, 'not configured', 'no code is configured as blocking');
  });

  it('report no blocking fault while only a threshold is marked that blocks motion', async () => {
    let isMarked = false;
    const { ask } = await setUp([came('SCAN_LOST', 0)], {}, { configuresBlockingThreshold: () => isMarked });
    const motion = async () => (await ask<IncidentDetail>('/inc_1')).body.motion;
    assert.equal(await motion(), 'not configured');
    isMarked = true;
    assert.equal(await motion(), 'no blocking fault known');
  });

  it('end when the last of their faults ends, with that time', async () => {
    const lost = came('SCAN_LOST', 0);
    const { announce, list } = await setUp([lost]);
    await announce(healed(lost, 20));
    const [incident] = await list();
    assert.deepEqual([incident?.state, incident?.healed_at], ['healed', after(20)]);
    assert.deepEqual(await list('?state=open'), []);
  });

  it('are filtered by state, time, severity and entity, page by page', async () => {
    const { list, ask } = await setUp([came('A', 0), came('B', 100), came('C', 200, '/battery_monitor')]);
    const idsOf = async (query: string) => (await list(query)).map(({ id }) => id);
    assert.deepEqual(await idsOf('?entity=amr_01'), ['inc_2', 'inc_1']);
    assert.deepEqual(await idsOf('?entity=battery_monitor'), ['inc_3']);
    assert.deepEqual(await idsOf(`?until=${after(60)}`), ['inc_1']);
    assert.deepEqual(await idsOf('?severity=critical'), []);
    const { body } = await ask<IncidentList>('?limit=2');
    assert.deepEqual(
      body.items.map(({ id }) => id),
      ['inc_3', 'inc_2'],
    );
    assert.deepEqual(await idsOf(`?limit=2&cursor=${encodeURIComponent(body.next_cursor ?? '')}`), ['inc_1']);
  });

  for (const query of ['?state=broken', '?severity=9', '?since=yesterday', '?limit=0', '?limit=201', '?cursor=x']) {
    it(`are not filtered by ${query}, which is rejected with the allowed values`, async () => {
      const { ask } = await setUp([]);
      const { status, body } = await ask<{ error_code: string; parameters: { allowed_values?: string } }>(query);
      assert.deepEqual([status, body.error_code], [400, 'invalid-parameter']);
    });
  }

  it('are acknowledged, noted and closed by a person, whose name is recorded', async () => {
    const { ask, announce } = await setUp([came('SCAN_LOST', 0)]);
    const taken = await ask<IncidentDetail>('/inc_1', 'PUT', { acknowledged: true, note: 'I look at it.' });
    assert.deepEqual([taken.status, taken.body.acknowledged_by], [200, 'jan']);
    assert.deepEqual(
      taken.body.notes.map(({ by, text }) => [by, text]),
      [['jan', 'I look at it.']],
    );
    const { body } = await ask<IncidentDetail>('/inc_1', 'PUT', { state: 'closed' });
    assert.deepEqual([body.state, body.closed_by], ['closed', 'jan']);
    await announce(came('SCAN_LATE', 5));
    assert.equal(
      (await ask<IncidentDetail>('/inc_1')).body.fault_count,
      2,
      'what came before it was put away is in it',
    );
  });

  it('are merged on request, and the id of the merged incident redirects every method', async () => {
    const { ask, list } = await setUp([came('SCAN_LOST', 0), came('PACK_LOW', 100, '/battery_monitor')]);
    const { body } = await ask<IncidentDetail>('/inc_1/merge', 'POST', { incidents: ['inc_2'] });
    assert.deepEqual([body.id, body.merged_ids], ['inc_1', ['inc_2']]);
    assert.deepEqual(
      body.faults.map(({ fault_code, because }) => [fault_code, because]),
      [
        ['SCAN_LOST', 'first'],
        ['PACK_LOW', 'person'],
      ],
    );
    for (const [path, method] of [
      ['/inc_2', 'GET'],
      ['/inc_2/timeline', 'GET'],
      ['/inc_2/export', 'GET'],
      ['/inc_2', 'PUT'],
    ] as const) {
      const moved = await ask(path, method, method === 'PUT' ? { acknowledged: true } : undefined);
      assert.deepEqual([moved.status, moved.headers['location']], [308, INCIDENTS + path.replace('inc_2', 'inc_1')]);
    }
    const split = await ask<IncidentDetail>('/inc_1/split', 'POST', { faults: [{ fault_code: 'PACK_LOW' }] });
    assert.deepEqual([split.status, split.body.id, split.body.fault_count], [200, 'inc_2', 1]);
    assert.equal((await list()).length, 2);
  });

  it('cannot be split by faults that they do not contain or by all of their faults, nor merged with themselves', async () => {
    const { ask } = await setUp([came('SCAN_LOST', 0)]);
    for (const [path, payload] of [
      ['/inc_1/split', { faults: [{ fault_code: 'NOTHING' }] }],
      ['/inc_1/split', { faults: [{ fault_code: 'SCAN_LOST' }] }],
      ['/inc_1/merge', { incidents: ['inc_1'] }],
    ] as const) {
      const { status, body } = await ask<{ error_code: string }>(path, 'POST', payload);
      assert.deepEqual([status, body.error_code], [400, 'invalid-parameter'], path);
    }
    assert.equal((await ask('/inc_1/merge', 'POST', { incidents: ['inc_9'] })).status, 404);
    assert.equal((await ask('/inc_9')).status, 404);
  });

  it('mark the robot as blocked while a fault that the configuration names is active', async () => {
    const lost = came('SCAN_STOP', 0);
    const incidents = { enabled: true, robot: 'amr', blocks_motion: ['*_STOP'], max_faults: 500 };
    const { ask, announce } = await setUp([lost], { incidents });
    const before = (await ask<IncidentDetail>('/inc_1')).body;
    assert.deepEqual([before.motion, before.robot], ['blocked', 'amr']);
    await announce(healed(lost, 5));
    assert.equal((await ask<IncidentDetail>('/inc_1')).body.motion, 'no blocking fault known');
  });

  it('list the events around them in the order of time, page by page', async () => {
    const { ask } = await setUp([came('SCAN_LOST', 0), came('SCAN_LATE', 3)]);
    await ask('/inc_1', 'PUT', { note: 'I look at it.' });
    const first = (await ask<IncidentTimeline>('/inc_1/timeline?limit=2&kinds=fault,incident')).body;
    assert.deepEqual(
      first.items.map(({ event, fault_code }) => [event, fault_code]),
      [
        ['confirmed', 'SCAN_LOST'],
        ['confirmed', 'SCAN_LATE'],
      ],
    );
    const rest = await ask<IncidentTimeline>(
      `/inc_1/timeline?limit=2&kinds=fault,incident&cursor=${encodeURIComponent(first.next_cursor ?? '')}`,
    );
    assert.deepEqual(
      rest.body.items.map(({ kind, by }) => [kind, by]),
      [['incident', 'jan']],
    );
    assert.equal((await ask('/inc_1/timeline?kinds=gossip')).status, 400);
  });

  it('can be switched off, and the routes report it', async () => {
    const incidents = { enabled: false, robot: '', blocks_motion: [], max_faults: 500 };
    const { ask } = await setUp([came('SCAN_LOST', 0)], { incidents });
    const { status, body } = await ask<{ error_code: string; message: string }>();
    assert.deepEqual([status, body.error_code], [501, 'not-implemented']);
    assert.match(body.message, /incidents\.enabled/);
  });
});
