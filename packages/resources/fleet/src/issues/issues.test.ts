import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { Fleet } from '../fleet.ts';
import { FleetConflict, FleetInvalid, FleetNotFound } from '../fleet-refused.ts';
import { fleetOf } from '../testing/fault-fleet.ts';
import { tidyOccurrences } from './tidy-occurrences.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const only = async (fleet: Fleet) => (await fleet.issues.list({})).items[0]!;

describe('occurrences', () => {
  it('begin when a fault is confirmed and end when it heals, and are counted once', async () => {
    const { fleet, robot, clock, now } = await fleetOf(['amr-1'], { software: 'nav-2.1.0' });
    const { log, fault, ingest } = robot('amr-1');
    const startedMs = now();
    fault('MOTOR', 'confirmed');
    clock.advance(60_000);
    fault('MOTOR', 'updated', { startedMs, severity: 3 });
    await ingest();
    const [open] = (await fleet.issues.occurrences({})).items;
    assert.deepEqual(open, {
      ...{ robot: 'amr-1', fault_code: 'MOTOR', number: 1, began: open!.began, uncertain_ms: 1000 },
      ...{ severity: 3, severity_label: 'CRITICAL', entity_id: 'arm', entity_type: 'app', site: 'berlin' },
      ...{ version: 'nav-2.1.0', medkit: '0.3.0', issue: '1' },
    });
    clock.advance(60_000);
    fault('MOTOR', 'healed', { startedMs });
    fault('MOTOR', 'cleared', { startedMs });
    await ingest();
    const [ended] = (await fleet.issues.occurrences({ state: 'ended' })).items;
    assert.deepEqual([ended?.ended_as, Date.parse(ended!.ended!) - startedMs], ['healed', 120_000]);
    assert.deepEqual((await fleet.issues.occurrences({ state: 'active' })).items, []);
    const issue = await only(fleet);
    assert.deepEqual([issue.occurrences, issue.robots, issue.severity_label], [1, 1, 'CRITICAL']);
    assert.equal(log.lines.length, 4);
    assert.deepEqual(await fleet.issues.recount(), { occurrences: 1, different: 0, differences: [] });
  });

  it('of a log that begins again are those that are stored', async () => {
    const { fleet, robot, now } = await fleetOf(['amr-1']);
    const { fault, ingest, connect } = robot('amr-1');
    const startedMs = now();
    fault('MOTOR', 'confirmed', { startedMs });
    await ingest();
    await connect();
    fault('MOTOR', 'confirmed', { startedMs, number: 1 });
    await ingest();
    assert.equal((await only(fleet)).occurrences, 1);
  });

  it('that never were confirmed are none; the next one ends one without an end', async () => {
    const { fleet, robot, clock, now } = await fleetOf(['amr-1']);
    const { log, fault, ingest } = robot('amr-1');
    const cleared = { event_type: 'fault_cleared', fault: { fault_code: 'X', severity: 1, first_occurred: 1 } };
    log.add('fault', cleared, { atMs: now() });
    fault('MOTOR', 'confirmed');
    clock.advance(HOUR_MS);
    fault('MOTOR', 'confirmed', { number: 2 });
    await ingest();
    const { items } = await fleet.issues.occurrences({});
    assert.deepEqual(
      items.map(({ number, ended_as: as }) => [number, as]),
      [
        [2, undefined],
        [1, 'unknown'],
      ],
    );
    const clear = { fault_code: 'ROOT', severity: 1, first_occurred: 1 };
    log.add('fault', { event_type: 'fault_cleared', fault: clear, auto_cleared_codes: ['MOTOR'] }, { atMs: now() });
    await ingest();
    assert.equal((await fleet.issues.occurrences({ state: 'active' })).items.length, 0);
    assert.equal((await fleet.issues.recount()).different, 0);
  });

  it('have the incident of which they are the root, and whether it stops the robot', async () => {
    const { fleet, robot, clock, now } = await fleetOf(['amr-1']);
    const { log, fault, ingest } = robot('amr-1');
    const began = new Date(now()).toISOString();
    fault('MOTOR', 'confirmed');
    fault('LASER', 'confirmed');
    const incident = { id: 'inc_1', root: 'MOTOR', began, blocks_motion: true };
    clock.advance(2000);
    log.add('incident', { news: 'opened', incident }, { atMs: now() });
    log.add('incident', { news: 'opened', incident: { id: 7 } }, { atMs: now() });
    await ingest();
    const [motor] = (await fleet.issues.occurrences({ code: 'MOTOR' })).items;
    const [laser] = (await fleet.issues.occurrences({ code: 'LASER' })).items;
    assert.deepEqual([motor?.incident, motor?.blocks_motion], ['inc_1', true]);
    assert.deepEqual([laser?.incident, laser?.blocks_motion], [undefined, undefined]);
  });

  it('have the software that the log states, also if the robot was updated meanwhile', async () => {
    const { fleet, robot, now } = await fleetOf(['amr-1'], { software: 'nav-2.2.0' });
    const { log, fault, ingest, connect } = robot('amr-1');
    log.add('boot', { boot: 1 }, { atMs: now(), boot: 9 });
    fault('EARLY', 'confirmed');
    log.add('inventory', { medkit: '0.2.0', software: 'nav-2.1.0' }, { atMs: now(), boot: 9 });
    fault('OLD', 'confirmed');
    log.add('boot', { boot: 2 }, { atMs: now(), boot: 10 });
    log.add('fault', { event_type: 'fault_confirmed', fault: { fault_code: 'NEW', severity: 2 } }, { boot: 10 });
    await connect();
    log.add('fault', { event_type: 'fault_confirmed', fault: { fault_code: 'LIVE', severity: 2 } }, { boot: 10 });
    await ingest();
    const { items } = await fleet.issues.occurrences({});
    const versions = Object.fromEntries(items.map((item) => [item.fault_code, item.version]));
    assert.deepEqual(versions, { EARLY: 'nav-2.1.0', OLD: 'nav-2.1.0', NEW: undefined, LIVE: 'nav-2.2.0' });
  });

  it('do not disclose to a limited caller at which other site the robot was', async () => {
    const { fleet, robot } = await fleetOf(['amr-1']);
    robot('amr-1').fault('MOTOR', 'confirmed');
    await robot('amr-1').ingest();
    await fleet.describe('amr-1', { site: 'hamburg' });
    const { issues } = fleet.within(await fleet.view([[{ site: 'hamburg' }]]));
    const sites = async (query: object) => (await issues.occurrences(query)).items.map(({ site }) => site);
    assert.deepEqual([await sites({}), await sites({ site: 'berlin' })], [[undefined], []]);
    assert.equal((await fleet.issues.occurrences({ site: 'berlin' })).items.length, 1);
  });

  it('are listed by filters in pages', async () => {
    const { fleet, robot, clock } = await fleetOf(['amr-1', 'amr-2']);
    for (const [name, code, severity] of [
      ['amr-1', 'A', 1],
      ['amr-2', 'A', 2],
      ['amr-2', 'B', 3],
    ] as const) {
      clock.advance(HOUR_MS);
      robot(name).fault(code, 'confirmed', { severity, entity: code.toLowerCase() });
      await robot(name).ingest();
    }
    const found = async (query: Parameters<Fleet['issues']['occurrences']>[0]) =>
      (await fleet.issues.occurrences(query)).items.map((item) => `${item.robot} ${item.fault_code}`).join(', ');
    assert.equal(await found({}), 'amr-2 B, amr-2 A, amr-1 A');
    assert.equal(await found({ robot: 'amr-1' }), 'amr-1 A');
    assert.equal(await found({ code: 'A', severity: 'error' }), 'amr-2 A');
    assert.equal(await found({ entity: 'b', site: 'berlin' }), 'amr-2 B');
    assert.equal(await found({ site: 'hamburg' }), '');
    assert.equal(await found({ issue: '1', version: '0.3.0' }), 'amr-2 A, amr-1 A');
    const [, middle] = (await fleet.issues.occurrences({})).items;
    assert.equal(await found({ since: middle!.began }), 'amr-2 B, amr-2 A');
    assert.equal(await found({ until: middle!.began }), 'amr-1 A');
    const { next } = await fleet.issues.occurrences({ limit: 2 });
    assert.equal(await found({ limit: 2, cursor: next! }), 'amr-1 A');
    for (const wrong of [{ state: 'x' }, { issue: 'x' }, { since: 'x' }, { cursor: 'x' }, { group: 'none' }]) {
      await assert.rejects(fleet.issues.occurrences(wrong), FleetInvalid);
    }
  });
});

describe('issues', () => {
  it('have the same code, entity and cause; lists count what a filter selects', async () => {
    const { fleet, robot, clock } = await fleetOf(['amr-1', 'amr-2', 'amr-3']);
    await fleet.describe('amr-3', { site: 'hamburg' });
    for (const name of ['amr-1', 'amr-2', 'amr-3']) {
      robot(name).fault('MOTOR', 'confirmed');
      robot(name).fault('MOTOR', 'confirmed', { entity: 'wheel', number: 2 });
      await robot(name).ingest();
    }
    clock.advance(DAY_MS);
    robot('amr-1').fault('MOTOR', 'confirmed', { cause: 'FUSE', number: 3 });
    await robot('amr-1').ingest();
    const found = async (query: Parameters<Fleet['issues']['list']>[0]) =>
      (await fleet.issues.list(query)).items.map((item) =>
        [item.entity_id, item.cause, item.occurrences, item.robots].filter((each) => each !== undefined).join(' '),
      );
    assert.deepEqual(await found({}), ['arm FUSE 1 1', 'arm 3 3', 'wheel 3 3']);
    assert.deepEqual(await found({ sort: 'robots' }), ['arm 3 3', 'wheel 3 3', 'arm FUSE 1 1']);
    assert.deepEqual(await found({ site: 'hamburg' }), ['arm 1 1', 'wheel 1 1']);
    assert.deepEqual(await found({ entity: 'wheel', q: 'OTO', state: 'new', severity: 'error' }), ['wheel 3 3']);
    assert.deepEqual(await found({ state: 'muted' }), []);
    assert.deepEqual(await found({ version: 'nav-9' }), []);
    const first = await fleet.issues.list({ limit: 2 });
    assert.deepEqual([first.total, await found({ limit: 2, cursor: first.next! })], [3, ['wheel 3 3']]);
    const days = first.items[1]!.days;
    assert.deepEqual([days.length, days.reduce((sum, n) => sum + n, 0)], [14, 3]);
    for (const wrong of [{ sort: 'x' }, { state: 'x' }, { since: 'x' }, { cursor: 'x' }]) {
      await assert.rejects(fleet.issues.list(wrong), FleetInvalid);
    }
  });

  it('stay those of the cause that was known first, which no later record of the occurrence changes', async () => {
    const { fleet, robot, clock, now } = await fleetOf(['amr-1', 'amr-2']);
    const { fault, ingest } = robot('amr-1');
    const startedMs = now();
    fault('MOTOR', 'confirmed', { startedMs });
    fault('BRAKE', 'confirmed', { startedMs, cause: 'FUSE' });
    await ingest();
    clock.advance(1000);
    for (const cause of ['FUSE', 'ESTOP']) fault('MOTOR', 'updated', { startedMs, cause });
    fault('MOTOR', 'healed', { startedMs, cause: 'FUSE' });
    fault('BRAKE', 'updated', { startedMs });
    await ingest();
    const found = async () =>
      (await fleet.issues.list({})).items
        .map((item) => `${item.fault_code} ${item.cause} ${item.occurrences} ${item.state}`)
        .sort();
    assert.deepEqual(await found(), ['BRAKE FUSE 1 new', 'MOTOR undefined 1 new']);
    robot('amr-2').fault('MOTOR', 'confirmed', { cause: 'FUSE' });
    await robot('amr-2').ingest();
    const issues = (await fleet.issues.list({})).items;
    const explained = issues.find(({ fault_code: code, cause }) => code === 'MOTOR' && cause === 'FUSE')!;
    await fleet.issues.change(explained.id, { state: 'resolved' }, 'ada');
    clock.advance(1000);
    const nextMs = now();
    fault('MOTOR', 'confirmed', { startedMs: nextMs, number: 2 });
    fault('MOTOR', 'healed', { startedMs: nextMs, number: 2, cause: 'FUSE' });
    await ingest();
    clock.advance(1000);
    fault('MOTOR', 'healed', { startedMs: nextMs, number: 2, cause: 'FUSE' });
    await ingest();
    assert.deepEqual(await found(), ['BRAKE FUSE 1 new', 'MOTOR FUSE 1 resolved', 'MOTOR undefined 2 new']);
    assert.deepEqual((await fleet.issues.recount()).differences, []);
  });

  it('have robots, bars, hours and notes', async () => {
    const { fleet, robot, clock, now } = await fleetOf(['amr-1', 'amr-2'], { software: 'nav-2.1.0' });
    for (const name of ['amr-1', 'amr-2', 'amr-1']) {
      clock.advance(HOUR_MS);
      robot(name).fault('MOTOR', 'confirmed', { number: clock.wallMs() });
      await robot(name).ingest();
    }
    const issue = await fleet.issues.change('1', { owner: 'grace', note: 'look at the fuse' }, 'ada');
    assert.deepEqual(
      issue.by_robot.map((each) => [each.robot, each.occurrences, each.site]),
      [
        ['amr-1', 2, 'berlin'],
        ['amr-2', 1, 'berlin'],
      ],
    );
    assert.deepEqual(
      issue.by_version.map(({ version, occurrences }) => [version, occurrences]),
      [['nav-2.1.0', 3]],
    );
    assert.deepEqual(
      issue.by_site.map(({ site }) => site),
      ['berlin'],
    );
    assert.equal(issue.by_hour.length, 3);
    assert.deepEqual([issue.first?.robot, issue.last?.robot, issue.owner], ['amr-1', 'amr-1', 'grace']);
    assert.deepEqual(issue.notes, [{ at: new Date(now()).toISOString(), by: 'ada', text: 'look at the fuse' }]);
    assert.equal((await fleet.issues.change('1', { owner: '' }, 'ada')).owner, undefined);
    assert.equal(await fleet.issues.read('9'), undefined);
    assert.equal(await fleet.issues.read('x'), undefined);
    await assert.rejects(fleet.issues.change('9', {}, 'ada'), FleetNotFound);
  });

  it('are new for a week, ignored until a limit, muted without one', async () => {
    const { fleet, robot, clock, now } = await fleetOf(['amr-1', 'amr-2']);
    const state = async () => (await only(fleet)).state;
    const again = async (name: string, number: number) => {
      robot(name).fault('MOTOR', 'confirmed', { number });
      await robot(name).ingest();
    };
    await again('amr-1', 1);
    assert.equal(await state(), 'new');
    clock.advance(7 * DAY_MS);
    assert.equal(await state(), 'ongoing');
    const change = fleet.issues.change;
    const until = (limits: object) => change('1', { state: 'ignored', until: limits }, 'ada');
    assert.equal((await until({ occurrences: 2 })).state, 'ignored');
    await again('amr-1', 2);
    assert.equal(await state(), 'ignored');
    await again('amr-1', 3);
    assert.equal(await state(), 'ongoing');
    await until({ robots: 1 });
    await again('amr-1', 4);
    assert.equal(await state(), 'ignored');
    await again('amr-2', 1);
    assert.equal(await state(), 'ongoing');
    await until({ date: new Date(now() + 1000).toISOString() });
    assert.equal(await state(), 'ignored');
    clock.advance(1000);
    assert.equal(await state(), 'ongoing');
    await change('1', { state: 'muted' }, 'ada');
    await again('amr-2', 2);
    assert.equal(await state(), 'muted');
    for (const wrong of [
      { state: 'ignored' },
      { state: 'ignored', until: {} },
      { state: 'ignored', until: { date: '2001-01-01T00:00:00Z' } },
      { state: 'muted', until: { robots: 1 } },
      { state: 'muted', in_version: 'x' },
      { in_version: 'x' },
    ] as const) {
      await assert.rejects(change('1', wrong, 'ada'), FleetInvalid, JSON.stringify(wrong));
    }
  });

  it('that are resolved in a version regress by an occurrence on it, not by one on an older version', async () => {
    const { fleet, robot, clock } = await fleetOf(['amr-1', 'amr-2'], { software: 'nav-2.1.0' });
    const state = async () => (await only(fleet)).state;
    const [one, two] = [robot('amr-1'), robot('amr-2')];
    one.fault('MOTOR', 'confirmed');
    await one.ingest();
    const resolved = await fleet.issues.change('1', { state: 'resolved', in_version: 'nav-2.2.0' }, 'ada');
    assert.deepEqual([resolved.state, resolved.decided?.in_version], ['resolved', 'nav-2.2.0']);
    clock.advance(HOUR_MS);
    one.fault('MOTOR', 'confirmed', { number: 2 });
    await one.ingest();
    assert.equal(await state(), 'resolved');
    await two.connect('nav-2.2.0');
    two.fault('MOTOR', 'confirmed');
    await two.ingest();
    const issue = await only(fleet);
    assert.deepEqual(
      [issue.state, issue.regressed?.robot, issue.regressed?.version],
      ['regressed', 'amr-2', 'nav-2.2.0'],
    );
    assert.equal(issue.occurrences, 3);
    assert.equal((await fleet.issues.change('1', { state: 'resolved' }, 'ada')).state, 'resolved');
  });

  it('have a bounded number of notes', async () => {
    const { fleet, robot } = await fleetOf(['amr-1']);
    robot('amr-1').fault('MOTOR', 'confirmed');
    await robot('amr-1').ingest();
    for (let count = 0; count < 200; count += 1) await fleet.issues.change('1', { note: 'x' }, 'ada');
    await assert.rejects(fleet.issues.change('1', { note: 'x' }, 'ada'), FleetConflict);
  });

  it('of a hub are bounded: occurrences beyond have none', async () => {
    const { fleet, robot, store } = await fleetOf(['amr-1']);
    await store.write([
      {
        sql: `WITH RECURSIVE k (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 9999)
              INSERT INTO fleet_issues (fingerprint, severity, owner) SELECT CAST(k.n AS TEXT), 0, 'ada' FROM k`,
      },
    ]);
    for (const code of ['A', 'B']) robot('amr-1').fault(code, 'confirmed');
    await robot('amr-1').ingest();
    const { items } = await fleet.issues.occurrences({});
    assert.deepEqual(items.map(({ fault_code: code, issue }) => [code, issue !== undefined]).sort(), [
      ['A', true],
      ['B', false],
    ]);
  });
});

it('figures have errors and mean times by robot, site and software, and say what is unknown', async () => {
  const { fleet, robot, clock, now } = await fleetOf(['amr-1', 'amr-2'], { software: 'nav-2.1.0' });
  clock.advance(10 * HOUR_MS);
  const { fault, ingest, log } = robot('amr-1');
  log.add('boot', { boot: 1 }, { atMs: now(), boot: 1, monoMs: 10 * HOUR_MS });
  for (let number = 1; number <= 3; number += 1) fault('MOTOR', 'confirmed', { number });
  fault('LAMP', 'confirmed', { severity: 1 });
  await ingest();
  robot('amr-2').fault('MOTOR', 'confirmed');
  await robot('amr-2').ingest();
  const { items, robots, stale } = await fleet.issues.figures({});
  assert.deepEqual([robots, stale], [2, 0]);
  const [first, second] = items;
  assert.deepEqual([first?.name, first?.errors, first?.occurrences, first?.too_few], ['amr-1', 3, 4, false]);
  assert.ok(first!.mtbf_low_hours! < first!.mtbf_hours! && first!.mtbf_hours! < first!.mtbf_high_hours!);
  assert.deepEqual([second?.name, second?.errors, second?.too_few], ['amr-2', 1, true]);
  const byVersion = await fleet.issues.figures({ by: 'version' });
  assert.equal(byVersion.items.find(({ name }) => name === 'nav-2.1.0')?.errors, 4);
  assert.equal((await fleet.issues.figures({ by: 'site' })).items[0]?.name, 'berlin');
  assert.deepEqual(
    (await fleet.issues.figures({ until: '2001-01-01T00:00:00Z', since: '2000-01-01T00:00:00Z' })).items,
    [],
  );
  for (const wrong of [{ by: 'x' }, { since: 'x' }, { until: '2001-01-01T00:00:00Z' }]) {
    await assert.rejects(fleet.issues.figures(wrong), FleetInvalid);
  }
});

describe('rollups', () => {
  it('are the sums over occurrences after random batches, also after some are removed', async () => {
    const names = ['amr-1', 'amr-2', 'amr-3'];
    const { fleet, robot, clock, store, now } = await fleetOf(names, { software: 'nav-2.1.0' });
    const random = seededRandom(7);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random.float() * list.length)]!;
    const open = new Map<string, number>();
    for (let step = 0; step < 120; step += 1) {
      clock.advance(Math.floor(random.float() * 3 * HOUR_MS));
      const name = pick(names);
      for (let count = 0; count < 3; count += 1) {
        const code = pick(['A', 'B', 'C']);
        const event = pick(['confirmed', 'updated', 'healed', 'cleared'] as const);
        const key = `${name} ${code}`;
        if (event === 'confirmed' || !open.has(key)) open.set(key, now());
        const startedMs = open.get(key)!;
        const cause = pick(['', 'FUSE', 'ESTOP']);
        robot(name).fault(code, event, { startedMs, number: startedMs, severity: pick([1, 2, 3]), cause });
      }
      if (step % 9 === 0) await fleet.describe(name, { site: pick(['berlin', 'hamburg']) });
      await robot(name).ingest();
    }
    const { occurrences, different, differences } = await fleet.issues.recount();
    assert.deepEqual([different, differences, occurrences > 50], [0, [], true]);
    await tidyOccurrences(store, { nowMs: now(), beforeMs: 0 }, 30);
    const rest = await fleet.issues.recount();
    assert.deepEqual([rest.occurrences, rest.different], [30, 0]);
  });

  it('that are damaged are found and repaired by a recount', async () => {
    const { fleet, robot, store } = await fleetOf(['amr-1']);
    robot('amr-1').fault('MOTOR', 'confirmed');
    await robot('amr-1').ingest();
    await store.write([
      { sql: 'UPDATE fleet_issue_robots SET n = 5' },
      { sql: 'DELETE FROM fleet_issue_hours' },
      {
        sql: "INSERT INTO fleet_robot_hours (robot, hour, site, version, running_ms, n, errors) VALUES (1, 7, '', '', 0, 2, 0)",
      },
    ]);
    const { different, differences } = await fleet.issues.recount();
    assert.equal(different, 4, JSON.stringify(differences));
    assert.deepEqual(
      differences.map(({ table }) => table),
      ['fleet_issue_robots', 'fleet_issue_hours', 'fleet_robot_hours'],
    );
    assert.deepEqual(await fleet.issues.recount(), { occurrences: 1, different: 0, differences: [] });
    assert.equal((await only(fleet)).occurrences, 1);
  });
});
