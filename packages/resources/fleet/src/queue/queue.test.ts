import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_QUEUED_OF_ACCOUNT, MAX_QUEUED_OF_ROBOT, type NewFleetQueuedRequest } from '@medkit/contract';
import { FleetConflict, FleetInvalid, FleetNotFound } from '../fleet-refused.ts';
import { fleetStage } from '../testing/fleet-stage.ts';
import type { QueueStep, QueueWork } from './queue-engine.ts';
import { MAX_ENDED_OF_ROBOT } from './queue-requests.ts';
import { NotQueueable } from './queueable.ts';

const HOUR = 3_600_000;
const CLEAR: NewFleetQueuedRequest = { method: 'DELETE', path: '/apps/lidar/faults/DIRTY' };
const SET: NewFleetQueuedRequest = {
  method: 'PUT',
  path: '/apps/lidar/configurations/rate',
  body: { data: 2n ** 60n },
};
const DONE = { status: 204 };

/** A hub with the robots `r-0` and `r-1`. */
async function stage() {
  const hub = await fleetStage();
  for (const n of [0, 1]) await hub.robot(`r-${n}`, `KEYKEYKEYKEYKEYKEY0${n}`);
  const steps: string[] = [];
  const refusals = new Map<string, string>();
  const open = (fleet = hub.fleet) =>
    fleet.queueEngine({
      mayAct: async (by, robot, permission) => refusals.get(by) ?? refusals.get(`${by} ${robot} ${permission}`),
      onStep: ({ id, state }: QueueStep) => void steps.push(`${id} ${state}`),
    });
  const engine = open();
  const add = (request: NewFleetQueuedRequest, robot = 'r-0', by = 'user:ada') =>
    hub.fleet.queue.add(robot, request, by);
  const state = async (id: string, robot = 'r-0') => {
    const { state: now, reason } = await hub.fleet.queue.read(robot, id);
    return reason === undefined ? now : `${now}: ${reason}`;
  };
  return { ...hub, engine, open, add, state, steps, refusals };
}

const idsOf = (work: readonly QueueWork[]) => work.map(({ id }) => id);

describe('the queue of a robot', () => {
  it('sends one request after the other while the robot is connected, with keys that do not repeat', async () => {
    const { add, engine, state, steps, clock } = await stage();
    const [one, two] = [await add(SET), await add(CLEAR)];
    const other = await add(CLEAR, 'r-1');
    assert.deepEqual(await engine.turn([]), []);
    const [first, ...rest] = await engine.turn(['r-0']);
    assert.deepEqual(
      [first?.id, first?.createdBy, first?.permission, rest],
      [1, 'user:ada', 'configurations.write', []],
    );
    assert.deepEqual(first?.call, { ...SET, key: `q1-${clock.wallMs().toString(36)}.1` });
    assert.deepEqual(idsOf(await engine.turn(['r-0', 'r-1'])), [3]);
    await engine.settle(first!, { status: 200, body: { data: 1 } });
    const [second] = await engine.turn(['r-0']);
    assert.equal(second?.id, 2);
    await engine.settle(second!, DONE);
    assert.deepEqual(
      [await state(one.id), await state(two.id), await state(other.id, 'r-1')],
      ['done', 'done', 'sent'],
    );
    assert.deepEqual(steps, ['1 sent', '3 sent', '1 done', '2 sent', '2 done']);
  });

  it('sends a request without a reply again with its key, before later ones', async () => {
    const { add, engine, state, clock, reopen, open } = await stage();
    await add({ ...CLEAR, not_before: new Date(clock.wallMs() + 20_000).toISOString() });
    const { id } = await add(SET);
    const [first] = await engine.turn(['r-0']);
    await engine.settle(first!, 'cut');
    assert.equal(await state(id), 'unknown: it was sent, and no reply arrived');
    assert.deepEqual(await engine.turn(['r-0']), []);
    clock.advance(21_000);
    const [again] = await engine.turn(['r-0']);
    assert.deepEqual(again?.call, first?.call);
    // The hub is killed before it stores the reply.
    const next = open(await reopen());
    assert.deepEqual(await next.turn([]), []);
    assert.equal(await state(id), 'unknown: it was sent, and no reply arrived');
    const [third] = await next.turn(['r-0']);
    assert.deepEqual(third?.call, first?.call);
    await next.settle(third!, DONE);
    assert.deepEqual(idsOf(await next.turn(['r-0'])), [1]);
  });

  it('refuses at the time of sending what the account may not do any more', async () => {
    const { add, engine, state, refusals, clock } = await stage();
    const [one, two] = [await add(SET), await add(CLEAR, 'r-0', 'user:bob')];
    refusals.set('user:ada r-0 configurations.write', 'user:ada was demoted');
    assert.deepEqual(await engine.turn(['r-0']), []);
    assert.equal(await state(one.id), 'refused: user:ada was demoted');
    const [work] = await engine.turn(['r-0']);
    await engine.settle(work!, 'cut');
    refusals.set('user:bob', 'user:bob was removed');
    clock.advance(15_000);
    assert.deepEqual(await engine.turn(['r-0']), []);
    assert.equal(await state(two.id), 'unknown: it was sent, and no reply arrived; user:bob was removed');
  });

  it('lets requests expire, of robots that are away too', async () => {
    const { add, engine, state, clock } = await stage();
    const { id } = await add({ ...CLEAR, expires_at: new Date(clock.wallMs() + HOUR).toISOString() });
    const usual = await add(CLEAR, 'r-1');
    assert.equal(Date.parse(usual.expires_at), clock.wallMs() + 24 * HOUR);
    clock.advance(HOUR);
    assert.deepEqual(await engine.turn(['r-1', 'r-0']).then(idsOf), [2]);
    assert.equal(await state(id), 'expired');
  });

  it('cancels a request that waits, and no other one', async () => {
    const { add, engine, fleet, state, steps } = await stage();
    const [one, two] = [await add(CLEAR), await add(SET)];
    await fleet.queue.cancel('r-0', one.id);
    assert.deepEqual(idsOf(await engine.turn(['r-0'])), [2]);
    assert.deepEqual([await state(one.id), steps], ['cancelled', ['2 sent']]);
    for (const id of [one.id, two.id]) {
      await assert.rejects(fleet.queue.cancel('r-0', id), (error) => error instanceof FleetConflict);
    }
    for (const id of ['3', '0', 'x', '1e0', '9'.repeat(20)]) {
      await assert.rejects(fleet.queue.cancel('r-0', id), (error) => error instanceof FleetNotFound, id);
    }
    await assert.rejects(fleet.queue.read('r-1', one.id), FleetNotFound);
  });

  it('is not sent again if a request without a reply is cancelled, whose outcome stays unknown', async () => {
    const { add, engine, fleet, state, clock, open, reopen } = await stage();
    const [one, two] = [await add(SET), await add(CLEAR)];
    const [work] = await engine.turn(['r-0']);
    await assert.rejects(fleet.queue.cancel('r-0', one.id), /is sent: only one that waits, or has no reply yet/);
    await engine.settle(work!, 'cut');
    await fleet.queue.cancel('r-0', one.id);
    const cancelled = 'unknown: it was sent, and no reply arrived; it was cancelled';
    assert.equal(await state(one.id), cancelled);
    assert.ok((await fleet.queue.read('r-0', one.id)).ended_at);
    await assert.rejects(fleet.queue.cancel('r-0', one.id), FleetConflict);
    clock.advance(3_600_000);
    const next = open(await reopen());
    assert.deepEqual(idsOf(await next.turn(['r-0'])), [Number(two.id)]);
    await next.settle(work!, DONE);
    assert.equal(await state(one.id), cancelled);
  });

  it('ends with the robot', async () => {
    const { add, engine, fleet, state } = await stage();
    const [one, two] = [await add(CLEAR), await add(SET)];
    const [work] = await engine.turn(['r-0']);
    await fleet.revoke('r-0');
    await engine.settle(work!, DONE);
    assert.deepEqual(
      [await state(one.id), await state(two.id)],
      ['unknown: the robot was revoked', 'cancelled: the robot was revoked'],
    );
    await assert.rejects(add(CLEAR), /The robot r-0 is revoked, and gets no requests/);
  });

  it('lists pages, the newest first, by state', async () => {
    const { add, fleet } = await stage();
    for (let n = 0; n < 3; n += 1) await add({ ...CLEAR, note: `n ${n}` });
    await fleet.queue.cancel('r-0', '2');
    const first = await fleet.queue.list('r-0', { limit: 2 });
    const second = await fleet.queue.list('r-0', { limit: 2, cursor: first.next! });
    assert.deepEqual([first.total, first.items.map(({ note }) => note)], [3, ['n 2', 'n 1']]);
    assert.deepEqual([second.items.map(({ id }) => id), second.next], [['1'], undefined]);
    assert.deepEqual((await fleet.queue.list('r-0', { state: 'waiting' })).total, 2);
    assert.deepEqual((await fleet.queue.list('r-1', {})).items, []);
    await assert.rejects(fleet.queue.list('r-9', {}), FleetNotFound);
  });

  it('is part of a list of all robots, by robot and state', async () => {
    const { add, fleet } = await stage();
    for (const robot of ['r-0', 'r-1', 'r-0']) await add(CLEAR, robot);
    await fleet.queue.cancel('r-0', '1');
    const listed = async (query: Parameters<typeof fleet.queue.listAll>[0]) => {
      const { items, total, next } = await fleet.queue.listAll(query);
      return { items: items.map(({ id, robot }) => `${id} ${robot}`), total, next };
    };
    const first = await listed({ limit: 2 });
    assert.deepEqual([first.items, first.total], [['3 r-0', '2 r-1'], 3]);
    assert.deepEqual((await listed({ limit: 2, cursor: first.next! })).items, ['1 r-0']);
    assert.deepEqual((await listed({ robot: 'r-0', state: 'waiting' })).items, ['3 r-0']);
    assert.deepEqual(await listed({ robot: 'r-9' }), { items: [], total: 0, next: undefined });
    await assert.rejects(listed({ cursor: 'x' }), FleetInvalid);
    const view = await fleet.view([[{ site: 'ulm' }]]);
    assert.equal((await fleet.within(view).queue.listAll({})).total, 0);
  });
});

describe('a request for the queue', () => {
  it('is refused if it reads, may move the robot, or is no route', async () => {
    const { fleet } = await stage();
    const refusals: readonly (readonly [string, string, RegExp])[] = [
      ['POST', '/apps/arm/operations/home/executions', /may move the robot .*Send it while the robot is connected/],
      ['PUT', '/apps/arm/data/speed', /may move the robot/],
      ['PUT', '/apps/arm/status/force-restart', /may move the robot/],
      ['PUT', '/updates/u-1/execute', /may move the robot/],
      ['POST', '/apps/arm/locks', /a lock must be held by a client that is connected/],
      ['POST', '/apps/arm/bulk-data/maps', /is an upload/],
      ['POST', '/auth/users', /needs the permission accounts; requests with faults\.clear, /],
      ['GET', '/apps', /needs the permission read;/],
      ['POST', '/apps/arm/nothing', /POST \/apps\/arm\/nothing is no route of the API/],
      ['DELETE', '/apps/../faults/X', /is no route of the API/],
    ];
    for (const [method, path, message] of refusals) {
      const request = { method, path } as NewFleetQueuedRequest;
      const refused = (error: unknown) => error instanceof NotQueueable && message.test(error.message);
      await assert.rejects(fleet.queue.needs('r-0', request), refused, `${method} ${path}`);
      await assert.rejects(fleet.queue.add('r-0', request, 'user:ada'), NotQueueable);
    }
    assert.equal(await fleet.queue.needs('r-0', CLEAR), 'faults.clear');
    const run = { method: 'POST', path: '/apps/arm/scripts/s/executions' } as const;
    assert.equal(await fleet.queue.needs('r-0', run), 'scripts.run');
  });

  it('starts an operation or writes data only if the robot lists it, also when it is sent', async () => {
    const { add, engine, fleet, state, store } = await stage();
    const home: NewFleetQueuedRequest = { method: 'POST', path: '/apps/arm/operations/h%C3%B6he/executions', body: {} };
    const rate: NewFleetQueuedRequest = { method: 'PUT', path: '/apps/arm/data/rate', body: { data: 1 } };
    const names = ['apps/arm/operations/höhe', 'apps/arm/data/rate', 'apps/arm/status/force-restart', 7];
    const states = (queueable: unknown) =>
      store.write([
        { sql: 'DELETE FROM fleet_inventories' },
        {
          sql: 'INSERT INTO fleet_inventories (robot, at_ms, body) VALUES (1, 1, ?)',
          parameters: [JSON.stringify({ name: 'r', plugins: [], queueable })],
        },
      ]);
    const remedy = /may move the robot .*, or list apps\/arm\/operations\/höhe in hub\.queueable of the robot/;
    await assert.rejects(add(home), remedy);
    await states(names);
    assert.deepEqual((await fleet.robot('r-0'))?.inventory?.queueable, names.slice(0, 3));
    assert.deepEqual(
      [await fleet.queue.needs('r-0', home), await fleet.queue.needs('r-0', rate)],
      ['operations.run', 'data.write'],
    );
    await assert.rejects(add(home, 'r-1'), NotQueueable);
    for (const path of ['/apps/arm/operations/other/executions', '/apps/arm/operations/%E0/executions']) {
      await assert.rejects(add({ ...home, path }), NotQueueable, path);
    }
    await assert.rejects(add({ method: 'PUT', path: '/apps/arm/status/force-restart' }), NotQueueable);
    const [one, two, three] = [await add(home), await add(rate), await add(rate)];
    // The hub does not know yet whether the robot has another list since its start.
    const cursor = (values: string) => store.write([{ sql: `UPDATE fleet_cursors SET ${values} WHERE robot = 1` }]);
    for (const unread of ['newest = seq + 1, state_epoch = epoch', 'newest = seq, state_epoch = epoch - 1']) {
      await cursor(unread);
      assert.deepEqual(await engine.turn(['r-0']), [], unread);
    }
    await cursor('newest = seq, state_epoch = epoch');
    const [work] = await engine.turn(['r-0']);
    assert.deepEqual([work?.id, work?.permission], [1, 'operations.run']);
    await engine.settle(work!, DONE);
    await states('apps/arm/data/rate');
    assert.deepEqual(await engine.turn(['r-0']), []);
    assert.equal(await state(one.id), 'done');
    assert.match(await state(two.id), /^refused: .*may move the robot/);
    await fleet.queue.cancel('r-0', three.id);
  });

  it('is refused with times that are not ahead, a long body, and for a robot that the hub does not have', async () => {
    const { add, clock } = await stage();
    const at = (ms: number) => new Date(clock.wallMs() + ms).toISOString();
    const wrong: readonly (readonly [Partial<NewFleetQueuedRequest>, RegExp])[] = [
      [{ expires_at: at(0) }, /^expires_at: .* 30 days ahead/],
      [{ expires_at: at(30 * 24 * HOUR + 1) }, /^expires_at/],
      [{ expires_at: '9999-13-99' }, /^expires_at/],
      [{ not_before: at(24 * HOUR) }, /^not_before: .*before expires_at/],
      [{ not_before: 'soon' }, /^not_before/],
      [{ body: 'x'.repeat(16_383) }, /^body: .*16384 characters/],
    ];
    for (const [fields, message] of wrong) {
      const refused = (error: unknown) => error instanceof FleetInvalid && message.test(error.message);
      await assert.rejects(add({ ...SET, ...fields }), refused, JSON.stringify(fields).slice(0, 80));
    }
    await assert.rejects(add(CLEAR, 'r-9'), FleetNotFound);
  });

  it('is refused if the robot or the account has too many', async () => {
    const { add, fleet, store } = await stage();
    for (let n = 0; n < MAX_QUEUED_OF_ROBOT; n += 1) await add(CLEAR);
    await assert.rejects(add(CLEAR), /The robot r-0 has 100 queued requests that have not ended.*cancel some/);
    await fleet.queue.cancel('r-0', '1');
    await add(CLEAR);
    await store.write([{ sql: 'UPDATE fleet_queue SET robot = id + 10 WHERE id > 2' }]);
    const copy = `INSERT INTO fleet_queue (robot, state, method, path, created_ms, created_by, expires_ms, not_before_ms)
      SELECT 99, state, method, path, created_ms, created_by, expires_ms, not_before_ms FROM fleet_queue
      WHERE ended_ms IS NULL LIMIT 100`;
    for (let n = 0; n < MAX_QUEUED_OF_ACCOUNT / 100 - 1; n += 1) await store.write([{ sql: copy }]);
    await assert.rejects(add(CLEAR, 'r-1'), /The account user:ada has 1000 queued requests/);
    assert.equal((await add(CLEAR, 'r-1', 'user:bob')).state, 'waiting');
  });

  it('replaces the oldest ones that ended, and these are removed 90 days later', async () => {
    const { add, fleet, store, clock } = await stage();
    const count = async () => Number((await store.read('SELECT count(*) AS n FROM fleet_queue'))[0]?.n);
    for (let n = 0; n <= MAX_ENDED_OF_ROBOT + 1; n += 1) {
      const { id } = await add(CLEAR);
      await fleet.queue.cancel('r-0', id);
    }
    assert.equal(await count(), MAX_ENDED_OF_ROBOT + 1);
    const { id } = await add({ ...CLEAR, expires_at: new Date(clock.wallMs() + 30 * 24 * HOUR).toISOString() });
    clock.advance(90 * 24 * HOUR);
    await fleet.tidy();
    assert.equal(await count(), MAX_ENDED_OF_ROBOT + 1);
    clock.advance(1);
    await fleet.tidy();
    assert.deepEqual([await count(), (await fleet.queue.read('r-0', id)).state], [1, 'waiting']);
  });
});
