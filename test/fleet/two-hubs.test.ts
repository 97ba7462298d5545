import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { UplinkStatus } from '@medkit/contract';
import { systemClock } from '@medkit/edges/node';
import { MemoryFiles } from '@medkit/edges/testing';
import type { Store } from '@medkit/store';
import { HUB_DEFAULTS, type HubSettings } from '../../packages/gateway/src/config/hub-list.ts';
import { testConfig } from '../../packages/gateway/src/testing/test-gateway.ts';
import { type TestHub, testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import {
  ROBOT_FOLDER,
  robotStore,
  testUplinkRobot,
  type UplinkRobotOptions,
} from '../../packages/gateway/src/testing/test-uplink-robot.ts';
import { enrolRobot, readInvitation, robotHubs } from '../../packages/gateway/src/uplink/enrol-robot.ts';
import { freePort } from '../federation/free-port.ts';
import { eventually } from '../harness/eventually.ts';

const NAME = 'amr-17';
const closing: (() => unknown)[] = [];
after(async () => {
  for (const close of closing.reverse()) await close();
});

async function startHub(): Promise<TestHub> {
  const hub = await testHub({}, {}, await freePort());
  closing.push(() => hub.close());
  return hub;
}

const nameOf = ({ url }: TestHub): string => new URL(url).host;

/** Enrols the robot of these files at a hub. */
async function enrol(files: MemoryFiles, hub: TestHub, request: { readonly add?: boolean } = {}) {
  const { link } = (await hub.fleet('POST', '/invites', { robot: NAME, auto_approve: true })).json();
  return enrolRobot({
    config: { ...(await testConfig()), data_dir: ROBOT_FOLDER },
    files,
    clock: systemClock,
    invitation: readInvitation(link),
    machine: { name: 'robot', system: 'test' },
    ...request,
  });
}

/** Starts the gateway of a robot. */
async function start(options: UplinkRobotOptions) {
  const robot = await testUplinkRobot(3, options);
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await robot.close();
  };
  closing.push(close);
  const status = async (): Promise<UplinkStatus> => (await robot.app.inject('/api/v1/x-medkit-uplink')).json();
  return { ...robot, status, close };
}

type Robot = Awaited<ReturnType<typeof start>>;

/** Enrols a robot at two hubs, and starts it. */
async function robotOf(first: TestHub, second: TestHub, changes: UplinkRobotOptions['changes'] = {}) {
  const files = new MemoryFiles();
  await enrol(files, first);
  await enrol(files, second, { add: true });
  const store = robotStore();
  const robot = await start({ files, store, changes });
  return { robot, files, store };
}

const section = (hub: TestHub, settings: Partial<HubSettings> = {}): HubSettings => ({
  ...HUB_DEFAULTS,
  name: nameOf(hub),
  ...settings,
});

const connected = (robot: Robot, ...hubs: readonly TestHub[]) =>
  eventually('the connections', async () => {
    const states = new Map((await robot.status()).hubs?.map(({ hub, state }) => [hub?.name, state]));
    return hubs.every((hub) => states.get(nameOf(hub)) === 'connected');
  });

const isFault = (code: string) => `%"fault_code":"${code}"%`;

/** Waits until a hub has stored these faults, and fails if it has one of them twice. */
async function hasOnce(hub: TestHub, codes: readonly string[]): Promise<void> {
  const count = async (code: string): Promise<number> => {
    const sql = "SELECT count(*) AS n FROM fleet_events WHERE kind = 'fault' AND body LIKE ?";
    return Number((await hub.store.read(sql, [isFault(code)]))[0]?.n);
  };
  for (const code of codes) await eventually(`${code} at ${nameOf(hub)}`, async () => (await count(code)) > 0);
  for (const code of codes) assert.equal(await count(code), 1, `${code} at ${nameOf(hub)}`);
}

const through = (hub: TestHub, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  hub.call(method, `/fleet/${NAME}/api/v1${path}`, body, headers);

describe('a robot with two hubs', () => {
  it('reports every fault to both hubs once, also after one of them was killed for a while', async () => {
    const [first, second] = [await startHub(), await startHub()];
    const { robot } = await robotOf(first, second);
    await connected(robot, first, second);
    await robot.report('A');
    await hasOnce(first, ['A']);
    await hasOnce(second, ['A']);
    const port = Number(new URL(first.url).port);
    await first.close();
    await robot.report('B');
    await robot.report('C');
    await hasOnce(second, ['A', 'B', 'C']);
    const openFleetStore = async () => ({ ...first.store, close: async () => undefined }) as Store;
    const restarted = await testHub({}, { openFleetStore, storage: first.storage }, port);
    closing.push(() => restarted.close());
    const again = { ...restarted, store: first.store };
    await robot.report('D');
    for (const hub of [again, second]) await hasOnce(hub, ['A', 'B', 'C', 'D']);
    const { hubs, log } = await robot.status();
    assert.deepEqual(
      hubs?.map(({ required }) => required),
      [true, true],
    );
    await eventually('both cursors', async () => (await robot.uplink.log()!.cursors()).length === 2);
    assert.equal(log?.id, (await robot.uplink.log()!.head()).log, 'no history began again');
  });

  it('has the principal, role, deny and read_only of each hub for its requests alone', async () => {
    const [viewer, admin] = [await startHub(), await startHub()];
    const sections = [section(viewer, { role: 'admin', read_only: true }), section(admin, { role: 'admin' })];
    const { robot } = await robotOf(viewer, admin, { hubs: sections });
    await connected(robot, viewer, admin);
    for (const [hub, status] of [
      [viewer, 403],
      [admin, 201],
    ] as const) {
      const me = (await through(hub, 'GET', '/x-medkit-me')).json();
      assert.deepEqual([me.principal, me.role], [`hub:${nameOf(hub)}`, 'admin']);
      const lock = { lock_expiration: 60 };
      const locked = await through(hub, 'POST', '/components/amr_01/locks', lock, { 'x-client-id': 'tool' });
      assert.equal(locked.status, status, locked.text);
    }
    for (const hub of [viewer, admin]) {
      const status = (await through(hub, 'GET', '/x-medkit-uplink')).json();
      assert.deepEqual([status.hub.name, status.hubs.length], [nameOf(hub), 2], 'its members come first');
    }
    const { items } = (await robot.app.inject('/api/v1/x-medkit-audit')).json();
    const granted = items.find(({ request }: { request: { status: number } }) => request.status === 201);
    assert.equal(granted.request.principal, `hub:${nameOf(admin)}`);
    const { hubs } = await robot.status();
    assert.deepEqual(
      hubs?.map(({ permissions }) => permissions?.includes('locks')),
      [false, true],
    );
  });

  it('has locks and idempotency keys of each hub, also for users of the same name', async () => {
    const [first, second] = [await startHub(), await startHub()];
    const { robot } = await robotOf(first, second, {
      hubs: [section(first, { role: 'operator' }), section(second, { role: 'operator' })],
    });
    await connected(robot, first, second);
    const client = { 'x-client-id': 'tool', 'idempotency-key': 'key-1' };
    const lock = await through(first, 'POST', '/components/amr_01/locks', { lock_expiration: 60 }, client);
    assert.equal(lock.status, 201, lock.text);
    const repeated = await through(first, 'POST', '/components/amr_01/locks', { lock_expiration: 60 }, client);
    assert.deepEqual([repeated.status, repeated.json().id], [201, lock.json().id]);
    const other = await through(second, 'POST', '/components/amr_01/locks', { lock_expiration: 60 }, client);
    assert.equal(other.status, 409, other.text);
    const path = `/components/amr_01/locks/${lock.json().id}`;
    assert.equal((await through(second, 'DELETE', path, undefined, { 'x-client-id': 'tool' })).status, 403);
    assert.equal((await through(first, 'DELETE', path, undefined, { 'x-client-id': 'tool' })).status, 204);
  });

  it('refuses one hub that has used its budget, or revoked the robot, and serves the other', async () => {
    const [first, second] = [await startHub(), await startHub()];
    const files = new MemoryFiles();
    await enrol(files, first);
    await enrol(files, second, { add: true });
    const day = new Date();
    const today = [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, '0'));
    const traffic = { day: today.join('-'), sent: [0, 0, 0, 5_000_000, 0, 0], received: [0, 0, 0, 0, 0, 0] };
    files.put(`${ROBOT_FOLDER}/uplink/traffic.json`, JSON.stringify(traffic));
    const budget = { budget_mb_per_day: 2 };
    const robot = await start({ files, changes: { hubs: [section(first, budget), section(second, budget)] } });
    await connected(robot, first, second);
    assert.equal((await through(first, 'GET', '/version-info')).status, 429);
    assert.equal((await through(second, 'GET', '/version-info')).status, 200);
    await first.fleet('POST', `/robots/${NAME}/revoke`);
    await eventually('the refusal', async () => (await robot.status()).hubs?.[0]?.last_end?.code === 'revoked');
    await robot.report('AFTER');
    await hasOnce(second, ['AFTER']);
    const { warnings } = (await robot.app.inject('/api/v1/health')).json();
    const refused = warnings.filter(({ code }: { code: string }) => code === 'uplink_refused');
    assert.equal(refused.length, 1);
    assert.match(refused[0].message, new RegExp(nameOf(first)));
    assert.equal((await through(second, 'GET', '/version-info')).status, 200);
  });

  it('keeps the folder, the log and the cursor of its first hub, before and after it has a second one', async () => {
    const [first, second] = [await startHub(), await startHub()];
    const files = new MemoryFiles();
    const store = robotStore();
    await enrol(files, first);
    const paths = () => [...files.contents.keys()].filter((path) => /\/(?:key\.pem|hub\.json)$/.test(path)).sort();
    const folder = `${ROBOT_FOLDER}/uplink`;
    assert.deepEqual(paths(), [`${folder}/hub.json`, `${folder}/key.pem`]);
    const alone = await start({ files, store });
    await alone.report('ALONE');
    await hasOnce(first, ['ALONE']);
    const { log } = await alone.status();
    await alone.close();

    await assert.rejects(enrol(files, second), /enrolled at .* as amr-17: to enrol it at a second hub, add --add/);
    const key = files.contents.get(`${folder}/key.pem`);
    await enrol(files, second, { add: true });
    assert.equal(files.contents.get(`${folder}/key.pem`), key);
    assert.equal(paths().length, 4);
    await assert.rejects(
      enrol(files, await startHub(), { add: true }),
      /the maximum: run `medkit enrol --remove <hub>`/,
    );
    const both = await start({ files, store });
    await both.report('BOTH');
    for (const hub of [first, second]) await hasOnce(hub, ['ALONE', 'BOTH']);
    assert.equal((await both.status()).log?.id, log?.id);
    await eventually('both cursors', async () => (await store.read('SELECT * FROM uplink_hubs')).length === 2);
    await both.close();

    const config = { ...(await testConfig()), data_dir: ROBOT_FOLDER };
    const [old] = await robotHubs({ config, files });
    assert.equal(old?.name, nameOf(first));
    await old?.folder.clear();
    const migrated = await start({ files, store });
    await migrated.report('MIGRATED');
    await hasOnce(second, ['ALONE', 'BOTH', 'MIGRATED']);
    const status = await migrated.status();
    assert.deepEqual([status.hub?.name, status.hubs?.length, status.log?.id], [nameOf(second), 1, log?.id]);
    assert.deepEqual(
      status.log?.hubs.map(({ hub }) => hub),
      [nameOf(second)],
    );
  });

  it('does not connect to a hub without a section in the list, and says what to add', async () => {
    const [first, second] = [await startHub(), await startHub()];
    const { robot } = await robotOf(first, second, { hubs: [section(first)] });
    await connected(robot, first);
    const { hubs } = await robot.status();
    assert.equal(hubs?.[1]?.state, 'broken');
    const { warnings } = (await robot.app.inject('/api/v1/health')).json();
    assert.ok(warnings.some(({ code }: { code: string }) => code === 'uplink_settings_invalid'));
    assert.match(hubs?.[1]?.problem ?? '', /no section for 127\.0\.0\.1:\d+: add one with `name: /);
  });
});
