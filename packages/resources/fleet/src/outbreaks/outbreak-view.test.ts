import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { FleetView } from '../fleet-view.ts';
import { fleetStage } from '../testing/fleet-stage.ts';
import { followOutbreaks } from './follow-outbreaks.ts';
import { limitedOutbreaks } from './limited-outbreaks.ts';
import type { FleetOutbreak } from './outbreak-rows.ts';
import { outbreakInView } from './outbreak-view.ts';
import { surroundingsOf } from './surroundings.ts';
import { MAX_OUTBREAK_MEMBERS, type Member } from './windows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SETTINGS = { robots: 3, lostAfterMs: 15 * MINUTE, calmMs: 5 * MINUTE, oldestMedkit: '0.4.0' };
const ALPHA = Array.from({ length: 6 }, (_, n) => `a${n}`);
const BETA = Array.from({ length: 6 }, (_, n) => `b${n}`);

/** Two sites with robots of an old medkit, whose first three of alpha have the issue 7. */
async function twoSites(hasBeta: boolean) {
  const stage = await fleetStage();
  const { store, clock, pings, fleet } = stage;
  clock.advance(48 * HOUR);
  const now = (): number => Math.floor(clock.wallMs());
  const names = [...ALPHA, ...(hasBeta ? BETA : [])];
  await store.write([
    ...names.map(
      (name, at): Statement => ({
        sql: `INSERT INTO fleet_robots (name, state, site, machine, enrolled_ms, online, since_ms, medkit, software, labels)
            VALUES (?, 'approved', ?, '{}', 0, 1, 0, '0.3.0', ?, '{"line":"1"}')`,
        parameters: [name, ALPHA.includes(name) ? 'alpha' : 'beta', at % 2 ? '2.1.0' : '2.0.0'],
      }),
    ),
    { sql: "INSERT INTO fleet_issues (id, fingerprint, code, entity, severity) VALUES (7, 'f', 'MOTOR', 'motor', 2)" },
  ]);
  await fleet.createGroup('line', { labels: ['line=1'] }, 'ada');
  if (hasBeta) await fleet.createGroup('beta-only', { site: 'beta' }, 'ada');
  const limited = limitedOutbreaks(store);
  const reported: FleetOutbreak[] = [];
  const outbreaks = followOutbreaks({
    ...{ store, clock, pings, settings: SETTINGS, onFleetChange: fleet.onChange, log: () => undefined },
    onOutbreak: (outbreak) => {
      reported.push(outbreak);
      limited.add(outbreak);
    },
  });
  await outbreaks.refresh();
  const confirm = (robot: string, code = 'MOTOR', severity = 2) =>
    store.write([
      {
        sql: `INSERT INTO fleet_occurrences (robot, origin, code, number, started_ms, began_ms, uncertain_ms, severity,
                entity, site, version, medkit, issue, incident, changed)
              SELECT id, '', ?, ?, ?, ?, 10, ?, 'motor', site, software, medkit, 7, 'inc_5', 0 FROM fleet_robots
              WHERE name = ?`,
        parameters: [code, now(), now(), now(), severity, robot],
      },
    ]);
  const heal = (robot: string) =>
    store.write([
      {
        sql: `UPDATE fleet_occurrences SET ended_ms = CAST(? AS INTEGER)
              WHERE ended_ms IS NULL AND robot = (SELECT id FROM fleet_robots WHERE name = ?)`,
        parameters: [now(), robot],
      },
    ]);
  const at = async (site: string) => limited.within(await fleet.view([[{ site }]]));
  return { ...stage, now, outbreaks, confirm, heal, reported, at };
}

/** Outbreaks as an account of alpha has them in a time in which robots fail, with and without those of beta. */
async function outbreaksOfAlpha(seed: number, hasBeta: boolean): Promise<readonly string[]> {
  const { store, clock, outbreaks, confirm, heal, at, now, reported } = await twoSites(hasBeta);
  const [random, ofBeta] = [seededRandom(seed), seededRandom(seed + 1)];
  const pick = <T>(values: readonly T[], source: typeof random): T =>
    values[Math.floor(source.float() * values.length)]!;
  const fail = async (robots: readonly string[], codes: readonly string[], source: typeof random): Promise<void> => {
    const robot = pick(robots, source);
    await (source.float() < 0.4 ? heal(robot) : confirm(robot, pick(codes, source), pick([1, 2, 3], source)));
  };
  await store.write([
    {
      sql: `INSERT INTO fleet_campaigns (name, kind, body, state, created_ms, created_by, expires_ms)
            VALUES ('slower', 'request', '{}', 'running', 0, 'ada', 0), ('beta', 'request', '{}', 'running', 0, 'ada', 0)`,
    },
    {
      sql: `INSERT INTO fleet_campaign_robots (campaign, robot, wave, state, since_ms, changed_ms)
            SELECT CASE WHEN site = 'beta' THEN 2 ELSE 1 END, id, 1, 'done', 0, CAST(? AS INTEGER) FROM fleet_robots
            WHERE site = 'beta' OR name IN ('a1', 'a4')`,
      parameters: [now() - HOUR],
    },
    {
      sql: "INSERT INTO fleet_version_changes SELECT id, ?, '2.1.0' FROM fleet_robots WHERE software = '2.1.0'",
      parameters: [now() - HOUR],
    },
  ]);
  if (hasBeta) for (const robot of BETA.slice(0, 4)) await confirm(robot, 'BETA', 3);
  clock.advance(MINUTE);
  for (const robot of ALPHA.slice(0, 3)) await confirm(robot);
  const replies: string[] = [];
  for (let step = 0; step < 25; step += 1) {
    clock.advance(Math.floor(random.float() * 3 * MINUTE));
    if (hasBeta) await fail(BETA, ['BETA', 'MOTOR'], ofBeta);
    // The issue stays on two robots of alpha: without them, there would be no outbreak.
    if (step > 0) await fail(ALPHA.slice(2), ['MOTOR', 'MAP'], random);
    await outbreaks.refresh();
    replies.push(JSON.stringify((await at('alpha')).map(({ id: _, changedMs: __, ...outbreak }) => outbreak)));
  }
  await outbreaks.close();
  if (hasBeta) assert.ok(reported.some(({ members }) => members.some(({ robot }) => robot.startsWith('b'))));
  return replies;
}

it('the outbreaks of an account of one site are equal with and without the robots of another one', async () => {
  let all = '';
  for (let seed = 1; seed <= 3; seed += 1) {
    const [alone, both] = [await outbreaksOfAlpha(seed, false), await outbreaksOfAlpha(seed, true)];
    for (const [step, reply] of alone.entries()) assert.equal(both[step], reply, `seed ${seed}, step ${step}`);
    all += alone.join();
  }
  assert.doesNotMatch(all, /beta|"b\d"|BETA/);
  const texts = [
    'MAP on 4 robots',
    'MOTOR on 5 robots',
    '"campaign":{"id":"slower"',
    '"change":{"version"',
    '"endedMs"',
  ];
  for (const text of texts) assert.ok(all.includes(text), text);
  assert.match(all, /medkit 0\.3\.0 is too old: 6 robots/);
});

describe('outbreaks of a view', () => {
  it('do not exist without a robot of the view, and have no site that is not in it', async () => {
    const { fleet, store, outbreaks, at, now, clock, reported } = await twoSites(true);
    clock.advance(MINUTE);
    await store.write([
      {
        sql: "UPDATE fleet_robots SET online = 0, since_ms = ?, medkit = '1.0.0' WHERE site = 'beta'",
        parameters: [now()],
      },
      { sql: "UPDATE fleet_robots SET medkit = '1.0.0' WHERE site = 'alpha'" },
    ]);
    clock.advance(2 * MINUTE);
    await outbreaks.refresh();
    assert.deepEqual(
      reported.map(({ kind, subject }) => `${kind} ${subject}`),
      ['version_too_old 0.3.0', 'version_too_old 0.3.0', 'site_lost beta'],
    );
    const kinds = async (site: string) => (await at(site)).map(({ kind }) => kind);
    assert.deepEqual([await kinds('alpha'), (await kinds('beta')).length], [['version_too_old'], 2]);
    await fleet.describe('b1', { site: 'alpha' });
    assert.deepEqual(await kinds('alpha'), ['version_too_old'], 'the name of beta would appear');
    await outbreaks.close();
  });

  it('have each robot of the view, also after the robots that a report lists', () => {
    const members = Array.from({ length: MAX_OUTBREAK_MEMBERS }, (_, n): Member => ({ robot: `r${n}`, beganMs: n }));
    const last = members.at(-1)!.robot;
    const outbreak: FleetOutbreak = {
      ...{ id: 4, kind: 'version_worse', subject: '2', name: '2', about: '', severity: 2, beganMs: 0, changedMs: 0 },
      ...{ endedMs: undefined, members, robots: members.length, report: undefined as never },
    };
    const view = { robots: new Set([last]), sites: new Set() } as unknown as FleetView;
    const part = outbreakInView(outbreak, view, surroundingsOf([], new Map()));
    assert.deepEqual(
      part?.report.detail.members.map(({ robot }) => robot),
      [last],
    );
    assert.deepEqual([part?.beganMs, part?.report.summary.robots], [members.length - 1, 1]);
  });

  it('forget the oldest outbreaks that have too many robots together', async () => {
    const { store, fleet } = await fleetStage();
    const limited = limitedOutbreaks(store, 3);
    await store.write([
      {
        sql: `INSERT INTO fleet_robots (name, state, site, machine, enrolled_ms, online, since_ms, medkit)
              VALUES ('r', 'approved', 'alpha', '{}', 0, 1, 0, '0.3.0')`,
      },
    ]);
    const add = (id: number) =>
      limited.add({
        ...{ id, kind: 'robot_lost', subject: 'r', name: 'r', about: '', severity: 1, beganMs: 0, changedMs: 0 },
        ...{ endedMs: undefined, members: [{ robot: 'r', beganMs: 0 }], robots: 1, report: undefined as never },
      });
    for (const id of [1, 2, 3, 3, 4]) add(id);
    const held = await limited.within(await fleet.view([[{ site: 'alpha' }]]));
    assert.deepEqual(held.map(({ id }) => id).sort(), [2, 3, 4]);
  });
});
