import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { AuditRecord, AuditRecordList, AuditVerification } from '@medkit/contract';
import { app } from '@medkit/core/testing';
import { systemClock } from '@medkit/edges/node';
import { memoryDatabase } from '../../packages/gateway/src/testing/memory-database.ts';
import { memoryAudit } from '../../packages/resources/audit/src/testing/memory-audit.ts';
import { eventually } from '../harness/eventually.ts';
import { freePort } from './free-port.ts';
import { realGateway } from './real-gateway.ts';
import { armGateways, armRobot, type Gateway } from './robots.ts';
import { standIn } from './stand-in.ts';

const { start, close, closeAll } = armGateways();
afterEach(closeAll);

const AUDIT = '/x-medkit-audit';

/** Changes an app; its gateway records the change. */
async function change(gateway: Gateway, id: string, client = 'alice'): Promise<void> {
  const path = `/apps/${id}/logs/configuration`;
  const { status } = await gateway.ask('PUT', path, { max_entries: 7 }, { 'x-client-id': client });
  assert.equal(status, 204);
}

async function listed(gateway: Gateway, query = '', headers = {}): Promise<AuditRecordList> {
  const { status, body, text } = await gateway.ask('GET', `${AUDIT}?${query}`, undefined, headers);
  assert.equal(status, 200, text);
  return body;
}

const verified = async (gateway: Gateway): Promise<AuditVerification> =>
  (await gateway.ask('GET', `${AUDIT}/verify`)).body;

/** Names a record with the log that it comes from: `yard 2`. */
const nameOf = ({ id, 'x-medkit': about }: AuditRecord): string => `${about?.origin ?? 'own'} ${id}`;
const namesOf = ({ items }: AuditRecordList): readonly string[] => items.map(nameOf);
const originsOf = ({ gateways }: AuditVerification) => gateways?.map(({ origin }) => origin);

async function allPages(gateway: Gateway, query: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (let cursor: string | null | undefined = ''; cursor != null; ) {
    const page: AuditRecordList = await listed(gateway, `${query}&cursor=${encodeURIComponent(cursor)}`);
    names.push(...namesOf(page));
    cursor = page.next_cursor;
    assert.ok(names.length < 100, 'it comes to an end');
  }
  return names;
}

describe('the audit log of a gateway that aggregates others', () => {
  it('has the records of all gateways by time, unchanged, with their owner', async () => {
    const yard = await start('yard');
    const head = await start('dock', { peers: { yard: yard.url } });
    await change(yard, 'yard_arm');
    await change(head, 'dock_arm');
    await change(yard, 'yard_arm', 'bob');
    const all = await listed(head);
    assert.deepEqual(namesOf(all), ['yard 2', 'own 1', 'yard 1']);
    assert.deepEqual([all.next_cursor, all['x-medkit']], [undefined, undefined]);
    const [yardRecord] = (await listed(yard)).items;
    assert.deepEqual(all.items[0], { ...yardRecord, 'x-medkit': { origin: 'yard' } });
    assert.deepEqual(namesOf(await listed(head, '', { 'x-medkit-no-fan-out': '1' })), ['own 1']);
    assert.equal((await head.ask('GET', `${AUDIT}?kind=nonsense`)).status, 400);
  });

  it('is read from each gateway once if every gateway aggregates all others', async () => {
    const names = ['crane', 'dock', 'gate', 'yard'];
    const ports = await Promise.all(names.map(freePort));
    let reads = 0;
    const gateways = await Promise.all(
      names.map((name, index) => {
        const others = names.flatMap((other, at) => (at === index ? [] : [[other, `http://127.0.0.1:${ports[at]}`]]));
        const file = memoryAudit(systemClock);
        const store = () => {
          reads += 1;
          return file.store();
        };
        const parts = { auditFile: { ...file, store } };
        return start(name, { peers: Object.fromEntries(others), port: ports[index] as number, parts });
      }),
    );
    const head = gateways[0] as Gateway;
    reads = 0;
    await listed(head, '', { 'x-medkit-no-fan-out': '1' });
    const readsOfOne = reads;
    reads = 0;
    assert.equal((await listed(head))['x-medkit'], undefined);
    assert.equal(reads, readsOfOne * names.length);
  });

  it('is filtered at every gateway, with the id that the entity has there', async () => {
    const yard = await start('yard');
    const head = await start('dock', { peers: { yard: yard.url } });
    await change(yard, 'yard_arm');
    await change(yard, 'yard_arm', 'bob');
    await change(head, 'dock_arm', 'bob');
    assert.deepEqual(namesOf(await listed(head, 'client=bob')), ['own 1', 'yard 2']);
    assert.deepEqual(namesOf(await listed(head, 'entity=yard_arm')), ['yard 2', 'yard 1']);
    assert.deepEqual(namesOf(await listed(head, 'entity=dock_arm')), ['own 1']);
    assert.deepEqual(namesOf(await listed(head, 'outcome=refused')), []);
  });

  it('is searched for an app of another gateway by its local name, and returns the written records', async () => {
    const withLidar = (name: string) => {
      const robot = armRobot(name);
      const address = { runtime: 'ros2', nativeId: '/lidar' };
      const lidar = app('lidar', { componentId: `${name}_base`, node: '/lidar', address, source: 'manifest' });
      return { ...robot, apps: [...(robot.apps ?? []), lidar] };
    };
    const yard = await start('yard', { robot: withLidar('yard') });
    const head = await start('dock', { robot: withLidar('dock'), peers: { yard: yard.url } });
    await change(yard, 'lidar');
    await change(head, 'lidar');
    assert.deepEqual(namesOf(await listed(head, 'entity=lidar')), ['own 1']);
    const { items } = await listed(head, 'entity=yard__lidar');
    assert.deepEqual(
      items.map(({ request, 'x-medkit': about }) => [request?.entity_id, about]),
      [['lidar', { origin: 'yard', entity_id: 'yard__lidar' }]],
    );
    await change(head, 'yard__lidar');
    const forwarded = namesOf(await listed(head, 'entity=yard__lidar'));
    assert.deepEqual(forwarded.toSorted(), ['own 2', 'yard 1', 'yard 2'], 'both have what was forwarded');
  });

  it('is paged: every record once, each log in its own order', async () => {
    const [yard, hall] = [await start('yard'), await start('hall')];
    const head = await start('dock', { peers: { yard: yard.url, hall: hall.url } });
    for (const each of [yard, yard, hall, head, yard, hall, head]) {
      await change(each, each === head ? 'dock_arm' : each === yard ? 'yard_arm' : 'hall_arm');
    }
    const inOrder = ['own 2', 'hall 2', 'yard 3', 'own 1', 'hall 1', 'yard 2', 'yard 1'];
    for (const limit of [1, 2, 3, 7]) assert.deepEqual(await allPages(head, `limit=${limit}`), inOrder);
    const behind = await listed(head, 'cursor=2');
    assert.deepEqual(namesOf(behind), inOrder.slice(1), 'an id of this log: others go on where that one stands');
    assert.equal((await head.ask('GET', `${AUDIT}?cursor=x`)).status, 400);
  });

  it('names the gateways that do not answer', async () => {
    const yard = await start('yard');
    const head = await start('dock', { peers: { yard: yard.url } });
    await change(head, 'dock_arm');
    await close(yard);
    for (const reply of [await listed(head), await verified(head)]) {
      assert.deepEqual(
        [reply['x-medkit']?.partial, reply['x-medkit']?.failed_peers],
        [true, ['yard']],
        'never as if it were whole',
      );
    }
    assert.deepEqual(namesOf(await listed(head)), ['own 1']);
    assert.equal((await verified(head)).checked, 1);
  });

  it('reaches the last gateway of a chain, and lists no log twice that arrives by two routes', async () => {
    const tail = await start('tail');
    const middle = await start('middle', { peers: { tail: tail.url } });
    const head = await start('head', { peers: { middle: middle.url, tail: tail.url } });
    for (const [gateway, id] of [
      [tail, 'tail_arm'],
      [middle, 'middle_arm'],
      [tail, 'tail_arm'],
      [head, 'head_arm'],
    ] as const)
      await change(gateway, id);
    const inOrder = ['own 1', 'tail 2', 'middle 1', 'tail 1'].map((name) => name.replace('tail', 'middle/tail'));
    const records = await allPages(head, 'limit=1');
    assert.deepEqual(
      records.map((name) => name.replace(/^tail/, 'middle/tail')),
      inOrder,
    );
    assert.deepEqual(originsOf(await verified(head)), ['middle', 'tail']);
    await close(head);
    const alone = await start('head', { peers: { middle: middle.url } });
    assert.deepEqual(await allPages(alone, 'limit=1'), inOrder.slice(1));
    assert.deepEqual(originsOf(await verified(alone)), ['middle', 'middle/tail']);
  });

  it('is complete if gateways are peers of each other', async () => {
    const reserved = await start('dock');
    const [url, port] = [reserved.url, Number(new URL(reserved.url).port)];
    await close(reserved);
    await using yard = await realGateway({ instance: 'yard', robot: armRobot('yard'), peers: { dock: url } });
    const dock = await start('dock', { port, peers: { yard: yard.url } });
    const isThere = async () => (await yard.ask('GET', '/apps/dock_arm')).status === 200;
    await eventually('dock at yard', isThere);
    await change(yard, 'yard_arm');
    await change(dock, 'dock_arm');
    for (const [gateway, other] of [
      [dock, 'yard'],
      [yard, 'dock'],
    ] as const) {
      const list = await listed(gateway);
      assert.deepEqual(namesOf(list).toSorted(), [`${other} 1`, 'own 1'].toSorted());
      const verdict = await verified(gateway);
      assert.deepEqual(originsOf(verdict), [other]);
      assert.deepEqual([list['x-medkit'], verdict['x-medkit']], [undefined, undefined]);
    }
  });

  it('has a forwarded request in the logs of both gateways, linked by its trace id', async () => {
    const yard = await start('yard');
    const head = await start('dock', { peers: { yard: yard.url } });
    await change(head, 'yard_arm');
    const { items } = await listed(head);
    assert.deepEqual(items.map(nameOf).toSorted(), ['own 1', 'yard 1']);
    const traces = new Set(items.map(({ request }) => request?.trace_id));
    assert.match([...traces].join(), /^[\da-f]{32}$/);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await head.ask('PUT', '/apps/yard_arm/logs/configuration', {}, { traceparent });
    const [one, other] = (await listed(head)).items;
    for (const each of [one, other]) assert.equal(each?.request?.trace_id, '0af7651916cd43dd8448eb211c80319c');
  });
});

describe('the audit logs of other gateways', () => {
  const witnessOf = ({ gateways }: AuditVerification) => gateways?.[0]?.witness;

  it('are verified each by its own gateway, and must continue from the last known record', async () => {
    const yard = await start('yard');
    const head = await start('dock', { peers: { yard: yard.url } });
    await change(yard, 'yard_arm');
    const first = await verified(head);
    assert.deepEqual([first.intact, first.checked], [true, 0]);
    const { origin, intact, checked, head: newest, witness } = first.gateways?.[0] ?? assert.fail();
    assert.deepEqual([origin, intact, checked, newest?.id], ['yard', true, 1, 1]);
    assert.deepEqual([witness?.id, witness?.hash, witness?.problem], [1, newest?.hash, undefined]);
    await change(yard, 'yard_arm');
    assert.deepEqual([witnessOf(await verified(head))?.id, witnessOf(await verified(head))?.problem], [2, undefined]);
  });

  for (const [what, changes, problem] of [
    ['with other content', 3, /^record 2 was read from it on \S+ with another hash$/],
    ['and is shorter', 1, /^its newest record is 1, and record 2 was read from it on /],
    ['and is empty', 0, /^it is empty, and record 2 was read from it on /],
  ] as const) {
    it(`are reported if a log is consistent but was rewritten ${what}, also after a restart of this gateway`, async () => {
      const yard = await start('yard');
      const database = memoryDatabase(systemClock);
      const unclosed = { exists: database.exists, store: database.store, close: async () => undefined };
      const parts = { parts: { database: unclosed } };
      const before = await start('dock', { peers: { yard: yard.url }, ...parts });
      await change(yard, 'yard_arm');
      await change(yard, 'yard_arm');
      assert.equal((await listed(before)).items.length, 2);
      assert.equal(witnessOf(await verified(before))?.id, 2);
      await close(before);
      const port = Number(new URL(yard.url).port);
      await close(yard);

      const other = await start('yard', { port, parts: { auditFile: memoryAudit(systemClock) } });
      for (let n = 0; n < changes; n += 1) await change(other, 'yard_arm', 'mallory');
      const head = await start('dock', { peers: { yard: yard.url }, ...parts });
      assert.deepEqual((await listed(head))['x-medkit']?.rewritten_logs, ['yard']);
      const { gateways } = await verified(head);
      assert.equal(gateways?.[0]?.intact, true, 'what its own gateway cannot see');
      assert.match(gateways?.[0]?.witness?.problem ?? '', problem);
      const { warnings } = (await head.ask('GET', '/health')).body;
      const warning = warnings.find(({ code }: { readonly code: string }) => code === 'peer_audit_rewritten');
      assert.match(warning?.message, /medkit audit accept yard$/);

      assert.equal((await head.ask('DELETE', `${AUDIT}/witnesses/yard`)).status, 204);
      assert.equal((await head.ask('DELETE', `${AUDIT}/witnesses/nobody`)).status, 404);
      assert.equal(witnessOf(await verified(head))?.problem, undefined);
      assert.equal((await listed(head))['x-medkit']?.rewritten_logs, undefined);
      await database.close();
    });
  }
});

describe('another gateway with an invalid audit log', () => {
  const tree = { gateway: { instance: 'bad' }, items: [{ type: 'app', id: 'bad_arm', source: 'manifest' }] };
  const record = (id: number, more = {}) => ({
    id,
    timestamp: '2026-03-23T02:14:33.000000000Z',
    kind: 'fault',
    hash: `h${id}`,
    fault: {},
    ...more,
  });

  async function showing(answers: Parameters<typeof standIn>[0]) {
    const bad = await standIn({ '/x-medkit-tree': tree, ...answers });
    const head = await start('dock', { peers: { bad: bad.url }, isChecked: false });
    return { head, [Symbol.asyncDispose]: () => bad.close() };
  }

  it('has invalid and endless records omitted, and is named', async () => {
    const items = [record(7), record(7), record(9), record(6, { timestamp: 'soon' }), { id: 'x' }, null, record(5)];
    await using scene = await showing({ [AUDIT]: { items, next_cursor: 'more' } });
    const list = await listed(scene.head);
    assert.deepEqual(namesOf(list), ['bad 7', 'bad 5']);
    assert.equal(list['x-medkit']?.peer_dropped_items?.length, 5);
    const next = await listed(scene.head, `cursor=${encodeURIComponent(list.next_cursor ?? '')}`);
    assert.deepEqual(namesOf(next), [], 'what it told before is not told again');
    assert.equal(next.next_cursor, undefined, 'and it comes to an end');
  });

  it('is named if it refuses or sends another document', async () => {
    await using scene = await showing({ [AUDIT]: [403, {}], [`${AUDIT}/verify`]: [200, '[]'] });
    assert.deepEqual((await listed(scene.head))['x-medkit']?.failed_peers, ['bad']);
    assert.deepEqual((await verified(scene.head))['x-medkit']?.failed_peers, ['bad']);
  });

  it('counts as a gateway without a log if it has none, like ros2_medkit', async () => {
    await using scene = await showing({});
    assert.deepEqual(await listed(scene.head), { items: [] });
    assert.deepEqual((await verified(scene.head)).gateways, []);
  });
});
