import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FleetParkRequest } from '@medkit/contract';
import { FleetConflict, FleetInvalid, FleetNotFound } from '../fleet-refused.ts';
import { ADDRESS, fleetStage, helloOf } from '../testing/fleet-stage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A hub whose robot `amr` was connected once, and a clock that is set to a time. */
async function awayRobot(site: string | null = null) {
  const stage = await fleetStage();
  const { fleet, clock } = stage;
  await stage.robot('amr', 'K');
  await fleet.describe('amr', { site });
  const { epoch } = (await fleet.connected('amr', { hello: helloOf(), address: ADDRESS })) as { epoch: number };
  await fleet.disconnected('amr', epoch, 'the network is lost');
  const now = (): number => Math.floor(clock.wallMs());
  /** Advances the clock, and waits for what its timers began. */
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await fleet.withdraw('0');
  };
  const presence = async () => (await fleet.robot('amr'))!.presence;
  const history = async () => (await fleet.presence('amr', {})).items.map((item) => `${item.presence}: ${item.reason}`);
  const at = (text: string): Promise<void> => advance(Date.parse(text) - now());
  return { ...stage, now, advance, at, presence, history };
}

describe('a parked robot', () => {
  it('is expected to be offline until a person ends the park', async () => {
    const { fleet, presence, advance, history, changes } = await awayRobot();
    await advance(MINUTE_MS);
    assert.equal(await presence(), 'offline');
    changes.length = 0;
    const parked = await fleet.park('amr', { note: 'new wheels' }, 'ada');
    assert.deepEqual(
      [parked.presence, parked.park?.active, parked.park?.by, parked.park?.until, parked.absence?.reason],
      ['expected_offline', true, 'ada', undefined, 'park'],
    );
    assert.deepEqual(
      changes.map(({ topic }) => topic),
      ['robot', 'presence'],
    );
    assert.deepEqual((await fleet.robots({ state: 'expected_offline' })).total, 1);
    assert.deepEqual((await fleet.counts()).presence, { expected_offline: 1 });
    await advance(20 * 24 * HOUR_MS);
    assert.equal(await presence(), 'expected_offline');
    assert.equal(await fleet.unpark('amr'), true);
    assert.equal(await fleet.unpark('amr'), false);
    const { park, absence } = (await fleet.robot('amr'))!;
    assert.deepEqual([await presence(), park, absence], ['offline', undefined, undefined]);
    assert.deepEqual(await history(), [
      'offline: the park has ended',
      'expected_offline: parked by ada: new wheels',
      'offline: the network is lost',
      `online: connected from ${ADDRESS}`,
    ]);
  });

  it('is offline again at the time that was announced', async () => {
    const { fleet, presence, advance } = await awayRobot();
    const { park, absence } = await fleet.park('amr', { minutes: 90 }, 'ada');
    assert.equal(Date.parse(park?.until ?? '') - Date.parse(park?.from ?? ''), 90 * MINUTE_MS);
    assert.equal(absence?.until, park?.until);
    await advance(90 * MINUTE_MS - 1);
    assert.equal(await presence(), 'expected_offline');
    await advance(1);
    assert.equal(await presence(), 'offline');
    assert.equal((await fleet.robot('amr'))!.park, undefined);
  });

  it('may leave from a later time only', async () => {
    const { fleet, presence, advance, now } = await awayRobot();
    const from = new Date(now() + HOUR_MS).toISOString();
    const { park } = await fleet.park('amr', { from, minutes: 10 }, 'ada');
    assert.deepEqual([park?.active, await presence()], [false, 'offline']);
    await advance(HOUR_MS);
    assert.equal(await presence(), 'expected_offline');
    await advance(10 * MINUTE_MS);
    assert.equal(await presence(), 'offline');
  });

  it('is online with a mark while it is connected, and leaves as announced', async () => {
    const { fleet, presence, history } = await awayRobot();
    await fleet.park('amr', {}, 'ada');
    const { epoch } = (await fleet.connected('amr', { hello: helloOf(), address: ADDRESS })) as { epoch: number };
    const robot = (await fleet.robot('amr'))!;
    assert.deepEqual([robot.presence, robot.park?.active, robot.absence], ['online', true, undefined]);
    await fleet.disconnected('amr', epoch, 'the robot stops');
    assert.equal(await presence(), 'expected_offline');
    assert.deepEqual((await history()).slice(0, 2), [
      'expected_offline: parked by ada',
      `online: connected from ${ADDRESS}`,
    ]);
  });

  it('stays parked when the hub restarts, and not when it is revoked', async () => {
    const { fleet, reopen, robot } = await awayRobot();
    await fleet.park('amr', {}, 'ada');
    fleet.close();
    const next = await reopen();
    assert.equal((await next.robot('amr'))?.presence, 'expected_offline');
    await next.revoke('amr');
    const { park, absence } = (await next.robot('amr'))!;
    assert.deepEqual([park, absence], [undefined, undefined]);
    await robot('never', 'N');
    assert.equal((await next.park('never', {}, 'ada')).presence, 'never');
  });

  it('is refused with the reason', async () => {
    const { fleet, now, store } = await awayRobot();
    const time = (ms: number): string => new Date(now() + ms).toISOString();
    const TABLE: readonly (readonly [FleetParkRequest, RegExp])[] = [
      [{ until: time(HOUR_MS), minutes: 5 }, /either `until` or `minutes`/],
      [{ until: time(-1) }, /is not after `from`/],
      [{ from: time(-2 * HOUR_MS), until: time(-HOUR_MS) }, /has passed: the hub has/],
      [{ from: time(HOUR_MS), until: time(MINUTE_MS) }, /is not after `from`/],
      [{ until: time(367 * 24 * HOUR_MS) }, /within 366 days/],
      [{ from: 'tomorrow' }, /`from` "tomorrow" is not a time/],
    ];
    for (const [request, message] of TABLE) {
      await assert.rejects(fleet.park('amr', request, 'ada'), (error: Error) => {
        assert.ok(error instanceof FleetInvalid, String(error));
        assert.match(error.message, message);
        return true;
      });
    }
    await assert.rejects(fleet.park('other', {}, 'ada'), FleetNotFound);
    await assert.rejects(fleet.unpark('other'), FleetNotFound);
    await store.write([{ sql: "UPDATE fleet_robots SET state = 'pending'" }]);
    await assert.rejects(fleet.park('amr', {}, 'ada'), FleetConflict);
  });
});

describe('a robot of a site with a schedule', () => {
  const BERLIN = { zone: 'Europe/Berlin', quiet_hours: ['22:00-06:00'] };
  // The clock of Berlin goes forward on 29 March 2026 and back on 25 October 2026, at 01:00Z.
  const TABLE: readonly (readonly [string, string, string])[] = [
    ['a night', '2026-03-23T21:00:00Z', '2026-03-24T05:00:00Z'],
    ['the night that is an hour shorter', '2026-03-28T21:00:00Z', '2026-03-29T04:00:00Z'],
    ['the night that is an hour longer', '2026-10-24T20:00:00Z', '2026-10-25T05:00:00Z'],
  ];
  for (const [name, begin, end] of TABLE) {
    it(`is expected to be offline in ${name}`, async () => {
      const { fleet, at, presence } = await awayRobot('berlin');
      await at(new Date(Date.parse(begin) - HOUR_MS).toISOString());
      await fleet.setSite('berlin', BERLIN, 'ada');
      await at(new Date(Date.parse(begin) - 1).toISOString());
      assert.equal(await presence(), 'offline');
      await at(begin);
      const { presence: inNight, absence } = (await fleet.robot('amr'))!;
      assert.deepEqual(
        [inNight, absence?.reason, Date.parse(absence?.until ?? '')],
        ['expected_offline', 'quiet_hours', Date.parse(end)],
      );
      await at(new Date(Date.parse(end) - 1).toISOString());
      assert.equal(await presence(), 'expected_offline');
      await at(end);
      assert.equal(await presence(), 'offline');
    });
  }

  it('is expected to be offline in a maintenance window, and on days of the weekend', async () => {
    const { fleet, at, presence, history } = await awayRobot('ulm');
    await at('2026-03-26T12:00:00Z');
    const window = { from: '2026-03-27T08:00:00Z', until: '2026-03-27T10:00:00Z', note: 'new floor' };
    const site = await fleet.setSite(
      'ulm',
      { zone: 'Europe/Berlin', quiet_hours: ['sat,sun 00:00-24:00'], maintenance: [window] },
      'ada',
    );
    assert.deepEqual([site.robots, site.absence, site.maintenance.length], [1, undefined, 1]);
    await at('2026-03-27T08:00:00Z');
    assert.equal((await fleet.robot('amr'))?.absence?.note, 'new floor');
    await at('2026-03-27T10:00:00Z');
    assert.deepEqual([await presence(), (await fleet.sites())[0]?.maintenance], ['offline', []]);
    await at('2026-03-27T23:00:00Z');
    assert.equal((await fleet.sites())[0]?.absence?.until, '2026-03-29T22:00:00.000Z');
    assert.equal(await presence(), 'expected_offline');
    assert.deepEqual((await history()).slice(0, 3), [
      'expected_offline: quiet hours of ulm',
      'offline: the maintenance window has ended',
      'expected_offline: maintenance of ulm: new floor',
    ]);
  });

  it('is offline when it moves to another site, or the schedule is deleted; a park goes on into the night', async () => {
    const { fleet, at, presence } = await awayRobot('berlin');
    await at('2026-03-23T20:00:00Z');
    await fleet.setSite('berlin', BERLIN, 'ada');
    await fleet.park('amr', { minutes: 90 }, 'ada');
    await at('2026-03-23T21:45:00Z');
    assert.equal((await fleet.robot('amr'))?.absence?.reason, 'quiet_hours');
    await fleet.describe('amr', { site: 'ulm' });
    assert.equal(await presence(), 'offline');
    await fleet.describe('amr', { site: 'berlin' });
    assert.equal(await presence(), 'expected_offline');
    assert.deepEqual([await fleet.deleteSite('berlin'), await fleet.deleteSite('berlin')], [true, false]);
    assert.equal(await presence(), 'offline');
  });
});

it('the history of presence is read in pages', async () => {
  const { fleet, advance } = await awayRobot();
  await advance(MINUTE_MS);
  for (let park = 0; park < 3; park += 1) {
    await fleet.park('amr', { minutes: 1 }, 'ada');
    await advance(MINUTE_MS);
  }
  const whole = (await fleet.presence('amr', {})).items;
  assert.equal(whole.length, 8);
  const found = [];
  for (let cursor: string | undefined; ; ) {
    const page = await fleet.presence('amr', { limit: 3, ...(cursor !== undefined && { cursor }) });
    found.push(...page.items);
    if (page.next_cursor == null) break;
    cursor = page.next_cursor;
  }
  assert.deepEqual(found, whole);
  await assert.rejects(fleet.presence('amr', { cursor: 'x' }), FleetInvalid);
  await assert.rejects(fleet.presence('other', {}), FleetNotFound);
});
