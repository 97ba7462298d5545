import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  connectTestRobot,
  enrolTestRobot,
  type TestHub,
  testHub,
} from '../../packages/gateway/src/testing/test-hub.ts';
import { type TestUplinkRobot, testUplinkRobot } from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { eventually } from '../harness/eventually.ts';

const API = '/api/v1';
/** Site and robots of the fleet; a site with characters that ids do not have. */
const ROBOTS = [
  { name: 'amr-1', site: 'Werk Süd' },
  { name: 'amr-2', site: 'berlin' },
];

interface FaultItem {
  readonly fault_code: string;
  readonly entity_type?: string;
  readonly entity_id?: string;
  readonly 'x-medkit'?: Readonly<Record<string, unknown>>;
}

let hub: TestHub;
const robots = new Map<string, TestUplinkRobot>();
const uplinks = new Map<string, { close(): void }>();

before(async () => {
  hub = await testHub({ incidents: { enabled: true } });
  await hub.fleet('POST', '/groups', { id: 'north', site: 'berlin' });
  for (const [at, { name, site }] of ROBOTS.entries()) {
    const robot = await testUplinkRobot(3 + at);
    robots.set(name, robot);
    uplinks.set(name, await connectTestRobot(await enrolTestRobot(hub, name, { site }), robot.server));
  }
  await reported('amr-1', 'MOTOR');
  await reported('amr-2', 'MOTOR');
  await reported('amr-2', 'SCAN');
  await eventually('both robots in the tree', async () => {
    const { items } = await read('/components');
    const available = items.filter(
      (item: { 'x-medkit'?: { available?: boolean } }) => item['x-medkit']?.available !== false,
    );
    return ROBOTS.every(({ name }) => available.some(({ id }: { id: string }) => id === name));
  });
  await eventually('their trees', async () => {
    const [row] = await hub.store.read('SELECT count(*) AS n FROM fleet_trees');
    return row?.n === ROBOTS.length;
  });
});
after(async () => {
  for (const uplink of uplinks.values()) uplink.close();
  for (const robot of robots.values()) await robot.close();
  await hub.close();
});

const read = async (path: string) => {
  // The entities of the test are merged by its simulated clock.
  hub.clock.advance(10);
  return (await hub.call('GET', `${API}${path}`)).json();
};
const faultsOf = async (path: string): Promise<readonly FaultItem[]> => (await read(path)).items;
const codes = (items: readonly FaultItem[]) => items.map((item) => `${item['x-medkit']?.['robot']} ${item.fault_code}`);

/** Reports a fault of a robot and waits until the record of the hub has it. */
async function reported(robot: string, code: string): Promise<void> {
  await robots.get(robot)!.report(code);
  await eventually(`${code} of ${robot}`, async () => {
    const { items } = (await hub.fleet('GET', `/faults?robot=${robot}&code=${code}`)).json();
    return items.length === 1;
  });
}

describe('the entities of a hub', () => {
  it('are sites, robots and groups', async () => {
    const areas = (await read('/areas')).items;
    const names = areas
      .map(({ name }: { name: string }) => name)
      .filter((name: string) => ['Werk Süd', 'berlin'].includes(name));
    assert.deepEqual(names.sort(), ['Werk Süd', 'berlin']);
    const robot = await read('/components/amr-2');
    const { robot: id, presence, area, type } = robot['x-medkit'];
    assert.deepEqual([id, presence, area, type], ['amr-2', 'online', 'berlin', 'Robot']);
    const { hosts } = (await read('/functions/north'))['x-medkit'];
    assert.deepEqual(hosts, ['amr-2']);
    const { id: site } = areas.find(({ name }: { name: string }) => name === 'Werk Süd');
    assert.deepEqual(
      (await read(`/areas/${site}/components`)).items.map((item: { id: string }) => item.id),
      ['amr-1'],
    );
  });

  it('list active faults from the record, by robot, site, group and of all', async () => {
    assert.deepEqual(codes(await faultsOf('/components/amr-2/faults')), ['amr-2 MOTOR', 'amr-2 SCAN']);
    assert.deepEqual(codes(await faultsOf('/areas/berlin/faults')), ['amr-2 MOTOR', 'amr-2 SCAN']);
    assert.deepEqual(codes(await faultsOf('/functions/north/faults')), ['amr-2 MOTOR', 'amr-2 SCAN']);
    const all = await faultsOf('/faults');
    assert.deepEqual(
      codes(all).filter((each) => each.startsWith('amr')),
      ['amr-1 MOTOR', 'amr-2 MOTOR', 'amr-2 SCAN'],
    );
    const [first] = all;
    assert.deepEqual([first?.entity_type, first?.entity_id], ['component', 'amr-1']);
    assert.deepEqual(
      [first?.['x-medkit']?.['origin'], first?.['x-medkit']?.['robot_entity']],
      ['amr-1', 'apps/lidar_driver'],
    );
  });

  it('select and page all faults as those of one robot', async () => {
    assert.deepEqual(codes(await faultsOf('/faults?q=amr-1')), ['amr-1 MOTOR']);
    assert.deepEqual(codes(await faultsOf('/faults?q=LIDAR_driver&severity=error')).length, 3);
    assert.deepEqual(await faultsOf('/faults?severity=critical'), []);
    assert.deepEqual(await faultsOf('/faults?status=healed'), []);
    assert.deepEqual(await faultsOf('/components/amr-2/faults?status=healed'), []);
    assert.deepEqual(await faultsOf('/faults?until=2020-01-01T00:00:00Z'), []);
    const page = await read('/faults?limit=1');
    assert.deepEqual(
      [codes(page.items), page['x-medkit']],
      [['amr-1 MOTOR', 'amr-2 MOTOR'], { ...page['x-medkit'], count: 2, next_cursor: 'MOTOR' }],
    );
    const next = await read('/faults?limit=1&cursor=MOTOR');
    assert.deepEqual([codes(next.items), next['x-medkit'].next_cursor], [['amr-2 SCAN'], undefined]);
    const refused = await hub.call('GET', `${API}/components/amr-2/faults?status=none`);
    assert.deepEqual([refused.status, refused.json().error_code], [400, 'invalid-parameter']);
  });

  it('send all other requests to the robot', async () => {
    const moved = await fetch(
      `${hub.url}${API}/components/amr-2/faults/A%20B/x-medkit-history?since=2026-01-01T00%3A00%3A00Z`,
      { redirect: 'manual' },
    );
    const location = String(moved.headers.get('location'));
    assert.equal(moved.status, 307);
    assert.match(
      location,
      /^\/fleet\/amr-2\/api\/v1\/(components|areas)\/[^/]+\/faults\/A%20B\/x-medkit-history\?since=2026-01-01T00%3A00%3A00Z$/,
    );
    const lock = await hub.call(
      'POST',
      `${API}/components/amr-2/locks`,
      { lock_expiration: 60 },
      { 'x-client-id': 'page' },
    );
    assert.equal(lock.status, 201, lock.text);
    assert.equal((await hub.call('GET', `${API}/components/amr-2/faults/SCAN`)).json().item?.code, 'SCAN');
    assert.equal((await hub.call('GET', `${API}/components/none/data`)).status, 404);
  });

  it('follow the fault events of all robots, and continue after the last one', async () => {
    const stream = await fetch(`${hub.url}${API}/faults/stream`);
    const events = eventsOf(stream);
    const past = [await events.next(), await events.next(), await events.next()];
    assert.deepEqual(
      past.map(({ value }) => value?.data['x-medkit-origin']),
      ['amr-1', 'amr-2', 'amr-2'],
    );
    await reported('amr-1', 'LATE');
    const { value: late } = await events.next();
    assert.deepEqual(
      [late?.event, late?.data.fault.fault_code, late?.data['x-medkit-origin']],
      ['fault_confirmed', 'LATE', 'amr-1'],
    );
    assert.deepEqual(late?.data['x-medkit'], { entity_type: 'components', entity_id: 'amr-1' });
    await events.return(undefined);
    await robots.get('amr-2')!.report('SCAN', 'fault_cleared');
    const resumed = eventsOf(await fetch(`${hub.url}${API}/faults/stream`, { headers: { 'last-event-id': late!.id } }));
    const { value: cleared } = await resumed.next();
    assert.deepEqual([cleared?.event, cleared?.data.fault.fault_code], ['fault_cleared', 'SCAN']);
    await resumed.return(undefined);
  });

  it('are not available while the robot is away, and its faults say as of when', async () => {
    uplinks.get('amr-1')!.close();
    await eventually(
      'absence in the tree',
      async () => (await read('/components/amr-1'))['x-medkit'].available === false,
    );
    const [fault] = await faultsOf('/components/amr-1/faults');
    assert.ok(Date.parse(String(fault?.['x-medkit']?.['as_of'])) <= Date.now());
    assert.equal((await faultsOf('/components/amr-1/faults')).length, 2);
    const away = await hub.call('GET', `${API}/components/amr-1/data`);
    assert.deepEqual([away.status, away.json().error_code], [504, 'not-responding']);
  });

  it('are no part of the incidents of the hub', async () => {
    assert.deepEqual((await read('/x-medkit-incidents')).items, []);
  });
});

interface Event {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly fault: FaultItem; readonly 'x-medkit-origin'?: string; readonly 'x-medkit'?: object };
}

/** Yields the events of a stream. */
async function* eventsOf({ body }: Response): AsyncGenerator<Event, undefined> {
  let text = '';
  for await (const chunk of body!) {
    text += Buffer.from(chunk).toString();
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const frame = text.slice(0, end);
      text = text.slice(end + 2);
      const [, id = ''] = /^id: (.*)$/m.exec(frame) ?? [];
      const [, event] = /^event: (.*)$/m.exec(frame) ?? [];
      const [, data] = /^data: (.*)$/m.exec(frame) ?? [];
      if (event !== undefined && data !== undefined) yield { id, event, data: JSON.parse(data) };
    }
  }
  return undefined;
}
