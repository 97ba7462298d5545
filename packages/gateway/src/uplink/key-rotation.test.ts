import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { FLEET_TABLES, type Fleet, openFleet } from '@medkit/fleet';
import { memoryStore } from '@medkit/store';
import { endFrom, type UplinkEnd } from '@medkit/tunnel';
import { memoryCarriers, openHubEnd, openRobotEnd } from '@medkit/tunnel/testing';
import { type UplinkLog, uplinkFolder } from '@medkit/uplink';
import { robotRecords } from './handshake-record.ts';
import { withEitherKey } from './key-rotation.ts';

const DAY_MS = 86_400_000;
type When = 'before' | 'after';

/** Ends a process before or after one of its writes. */
interface Fuse {
  /** Number of writes until then; infinite while the fuse is not armed. */
  left: number;
  when: When;
  isBlown: boolean;
}

const newFuse = (): Fuse => ({ left: Number.POSITIVE_INFINITY, when: 'before', isBlown: false });

/** Runs a write of a process, which does not write any more once it was killed. */
async function write<T>(fuse: Fuse, work: () => Promise<T>): Promise<T> {
  if (fuse.isBlown) throw new Error('killed');
  const ends = fuse.left === 0;
  fuse.left -= 1;
  fuse.isBlown = ends;
  const written = ends && fuse.when === 'before' ? undefined : await work();
  if (ends) throw new Error('killed');
  return written as T;
}

/** A hub with its record and a robot with its folder, which connect in memory. */
async function scene() {
  const clock = new SimulatedClock();
  const random = seededRandom(3);
  const store = memoryStore({ clock, migrations: FLEET_TABLES });
  const files = new MemoryFiles();
  const fuses = { robot: newFuse(), hub: newFuse() };
  const owners: string[] = [];
  const log = {
    boot: 1,
    now: () => ({ atMs: 0, boot: 1, monoMs: 0 }),
    head: async () => ({ log: 'log-1', newest: 3, removed: 0, hash: '' }),
    continueFrom: async () => true,
    setOwners: async (fingerprints: readonly string[]) => void owners.push(...fingerprints),
  } as unknown as UplinkLog;
  const startRobot = () => {
    const storage = {
      readText: files.readText.bind(files),
      remove: (path: string) => write(fuses.robot, () => files.remove(path)),
      replaceText: (path: string, text: string) => write(fuses.robot, () => files.replaceText(path, text)),
    };
    const folder = uplinkFolder('/data', storage);
    const uplinkLog = { log: () => log, whenOpen: async () => undefined };
    const config = { hub: { keepalive_sec: 30, metered: 'false', metered_interfaces: [] } };
    const facts = async () => ({ critical: 0, error: 0 });
    const presentKeys = async () => (await folder.identities()).slice(0, 1).map(({ fingerprint }) => fingerprint);
    const options = { config, files, uplinkLog, clock, name: 'hub.example.com', presentKeys };
    return { folder, records: robotRecords(options, folder, facts) };
  };
  const startHub = (): Promise<Fleet> => {
    const guarded = {
      ...store,
      write: (statements) => write(fuses.hub, () => store.write(statements)),
    } as typeof store;
    return openFleet({ store: guarded, clock, random, secret: new Uint8Array(32).fill(7), log: () => undefined });
  };
  let robot = startRobot();
  let fleet = await startHub();
  const { code } = await fleet.invite({ robot: 'amr-17', auto_approve: true }, 'ada');
  const identity = await robot.folder.createIdentity();
  const enrolled = await fleet
    .record({ address: 'a' })
    .enrol(identity.fingerprint, { v: [1], enrol: code, machine: {} });
  if ('refused' in enrolled) throw new Error(enrolled.refused);
  const { robot: name, tenant, receipt } = enrolled;
  const stored = { url: 'https://hub/', hub_fingerprint: fleet.identity.fingerprint, robot: name, tenant, receipt };
  await robot.folder.saveEnrolment({ ...stored, enrolled_at: '2026-11-27T10:00:00.000Z' });

  /** One attempt of the robot. Returns the end; `undefined` if a session was open. */
  const attempt = async (): Promise<UplinkEnd | undefined> => {
    try {
      const uplink = await withEitherKey(await robot.folder.identities(), async (key) => {
        const carriers = memoryCarriers(clock);
        const hubEnd = openHubEnd(carriers.hub, {
          identity: fleet.identity,
          record: fleet.record({ address: 'a' }),
          clock,
        }).catch(() => undefined);
        const near = openRobotEnd(carriers.robot, {
          identity: key,
          hubFingerprint: fleet.identity.fingerprint,
          clock,
          record: robot.records(key),
          serve: {},
          maxKbitPerSec: 0,
        });
        const [opened] = await Promise.all([near, hubEnd]);
        return opened;
      });
      uplink.close();
      await uplink.ended;
      return undefined;
    } catch (error) {
      return endFrom(error);
    }
  };
  return {
    clock,
    store,
    fuses,
    owners,
    attempt,
    robot: () => robot,
    fleet: () => fleet,
    /** Starts each end again that was killed. */
    restart: async () => {
      if (fuses.robot.isBlown) {
        fuses.robot = newFuse();
        robot = startRobot();
      }
      if (fuses.hub.isBlown) {
        fuses.hub.isBlown = false;
        fuses.hub.left = Number.POSITIVE_INFINITY;
        fleet = await startHub();
      }
    },
    keysAtHub: async () =>
      (await store.read('SELECT fingerprint FROM fleet_keys WHERE revoked_ms IS NULL')).map(
        ({ fingerprint }) => fingerprint,
      ),
    keysOfRobot: async () => (await robot.folder.identities()).map(({ fingerprint }) => fingerprint),
  };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** Connects until a session with the newest key was open, as the gateway does. */
async function settle({ attempt, restart, keysOfRobot, keysAtHub }: Scene): Promise<void> {
  for (let count = 0; count < 6; count += 1) {
    const end = await attempt();
    await restart();
    if (!end && String(await keysAtHub()) === (await keysOfRobot())[0]) return;
  }
  assert.fail('the robot does not connect with its newest key');
}

describe('the rotation of a key', () => {
  it('gives robot and hub a new key and receipt, and removes the first one at the hub', async () => {
    const it = await scene();
    assert.equal(await it.attempt(), undefined);
    const [first] = await it.keysOfRobot();
    const before = await it.robot().folder.enrolment();
    const requested = await it.fleet().rotate('amr-17');
    assert.ok(requested.rotation_requested_at);
    assert.equal((await it.attempt())?.kind, 'rotated');
    assert.equal((await it.keysAtHub()).length, 2);
    it.clock.advance(60_000);
    assert.equal(await it.attempt(), undefined);
    const [second, previous] = await it.keysOfRobot();
    assert.deepEqual([await it.keysAtHub(), previous], [[second], first]);
    const { fingerprint, key_added_at, rotation_requested_at } = (await it.fleet().robot('amr-17'))!;
    assert.deepEqual(
      [fingerprint, key_added_at, rotation_requested_at],
      [second, '2026-01-01T00:00:00.001Z', undefined],
    );
    const after = await it.robot().folder.enrolment();
    assert.ok(after?.receipt.includes(second!) && before?.receipt.includes(first!));
    assert.deepEqual(it.owners, [second]);
    assert.equal(await it.attempt(), undefined);
    it.clock.advance(31 * DAY_MS);
    assert.equal(await it.attempt(), undefined);
    assert.deepEqual(await it.keysOfRobot(), [second]);
  });

  for (const end of ['robot', 'hub'] as const) {
    for (const when of ['before', 'after'] as const) {
      it(`ends with one key after the ${end} was killed ${when} each of its writes`, async () => {
        let step = 0;
        for (; ; step += 1) {
          const it = await scene();
          assert.equal(await it.attempt(), undefined);
          const [first] = await it.keysOfRobot();
          await it.fleet().rotate('amr-17');
          Object.assign(it.fuses[end], { left: step, when });
          const fuse = it.fuses[end];
          await settle(it);
          if (fuse.left >= 0 && fuse.left < Number.POSITIVE_INFINITY) break;
          const robot = await it.fleet().robot('amr-17');
          assert.notEqual((await it.keysOfRobot())[0], first, `write ${step}`);
          assert.deepEqual([robot?.state, robot?.problems, robot?.rotation_requested_at], ['approved', [], undefined]);
        }
        assert.ok(step >= 4, `${step} writes`);
      });
    }
  }

  it('connects with the previous key at a hub that was restored, which learns the new one', async () => {
    const it = await scene();
    assert.equal(await it.attempt(), undefined);
    const [first] = await it.keysOfRobot();
    const tables = ['fleet_robots', 'fleet_keys'] as const;
    const copies = await Promise.all(tables.map((table) => it.store.read(`SELECT * FROM ${table}`)));
    await it.fleet().rotate('amr-17');
    await settle(it);
    const [second] = await it.keysOfRobot();
    for (const [index, table] of tables.entries()) {
      await it.store.write([
        { sql: `DELETE FROM ${table}` },
        ...copies[index]!.map((row) => ({
          sql: `INSERT INTO ${table} (${Object.keys(row)}) VALUES (${Object.keys(row).map(() => '?')})`,
          parameters: Object.values(row),
        })),
      ]);
    }
    assert.deepEqual(await it.keysAtHub(), [first]);
    assert.equal((await it.attempt())?.kind, 'rotated');
    assert.equal(await it.attempt(), undefined);
    assert.deepEqual([await it.keysAtHub(), (await it.keysOfRobot())[0]], [[second], second]);
  });

  it('is requested by the hub after 365 days, and not more than once a minute', async () => {
    const it = await scene();
    assert.equal(await it.attempt(), undefined);
    const age = async (days: number) => {
      const sql = 'UPDATE fleet_keys SET added_ms = added_ms - ?';
      await it.store.write([{ sql, parameters: [days * DAY_MS] }]);
    };
    await age(364);
    assert.equal(await it.attempt(), undefined);
    await age(1);
    assert.equal((await it.attempt())?.kind, 'rotated');
    assert.equal(await it.attempt(), undefined);
    await it.fleet().rotate('amr-17');
    assert.equal(await it.attempt(), undefined);
    it.clock.advance(60_000);
    assert.equal((await it.attempt())?.kind, 'rotated');
  });
});
