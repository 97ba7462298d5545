import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UplinkState } from '@medkit/contract';
import type { Statement } from '@medkit/store';
import { ADDRESS, fleetStage, helloOf } from '../testing/fleet-stage.ts';
import { robotLog } from '../testing/robot-log.ts';
import { followOutbreaks } from './follow-outbreaks.ts';
import type { FleetOutbreak } from './outbreak-rows.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SETTINGS = { robots: 3, lostAfterMs: 15 * MINUTE, calmMs: 5 * MINUTE, oldestMedkit: undefined };

/** A record with ten connected robots at two sites, and a hub that judges them. */
async function stageWithRobots() {
  const stage = await fleetStage();
  const { store, clock, pings, fleet } = stage;
  clock.advance(48 * HOUR);
  const now = (): number => Math.floor(clock.wallMs());
  await store.write(
    Array.from(
      { length: 10 },
      (_, n): Statement => ({
        sql: `INSERT INTO fleet_robots (name, state, site, machine, enrolled_ms, online, since_ms, medkit, software)
            VALUES (?, 'approved', ?, '{}', 0, 1, 0, '0.3.0', ?)`,
        parameters: [`r${n}`, n < 6 ? 'berlin' : 'graz', n < 4 ? '2.1.0' : '2.0.0'],
      }),
    ),
  );
  await store.write([
    {
      sql: `INSERT INTO fleet_issues (id, fingerprint, code, entity, severity) VALUES (7, 'f', 'MOTOR_HOT', 'motor', 2)`,
    },
  ]);
  const reported: FleetOutbreak[] = [];
  const open = () =>
    followOutbreaks({
      ...{ store, clock, pings, settings: SETTINGS, onFleetChange: fleet.onChange, log: () => undefined },
      onOutbreak: (outbreak) => reported.push(outbreak),
    });
  const confirm = (robots: readonly number[], more: { beganMs?: number; uncertainMs?: number | null } = {}) =>
    store.write(
      robots.map((n): Statement => {
        const { beganMs = now(), uncertainMs = 10 } = more;
        return {
          sql: `INSERT INTO fleet_occurrences (robot, origin, code, number, started_ms, began_ms, uncertain_ms, severity,
                  entity, site, version, medkit, issue, incident, changed)
                SELECT id, '', 'MOTOR_HOT', 1, ?, ?, CAST(? AS INTEGER), 2, 'motor', site, software, medkit, 7, 'inc_5', 0
                FROM fleet_robots WHERE name = ?`,
          parameters: [beganMs, beganMs, uncertainMs, `r${n}`],
        };
      }),
    );
  const news = () =>
    reported
      .splice(0)
      .map(
        ({ kind, subject, robots, endedMs }) => `${kind} ${subject} ${robots}${endedMs === undefined ? '' : ' ended'}`,
      );
  return { ...stage, now, open, confirm, news, reported };
}

describe('the outbreaks of a hub', () => {
  it('are stored with versions, sites and the change before them, and open once', async () => {
    const { fleet, store, clock, open, confirm, news, reported, now } = await stageWithRobots();
    await fleet.createGroup('night', { site: 'berlin' }, 'ada');
    await store.write([
      {
        sql: "INSERT INTO fleet_version_changes SELECT id, ?, '2.1.0' FROM fleet_robots WHERE software = '2.1.0'",
        parameters: [now() - HOUR],
      },
    ]);
    const plan = JSON.stringify({
      kind: 'request',
      request: {},
      targets: {},
      waves: [],
      expires: '2030-01-01T00:00:00Z',
    });
    await store.write([
      {
        sql: `INSERT INTO fleet_campaigns (name, kind, body, state, created_ms, created_by, expires_ms)
              VALUES ('slower', 'request', ?, 'running', 0, 'ada', 0)`,
        parameters: [plan],
      },
      {
        sql: `INSERT INTO fleet_campaign_robots (campaign, robot, wave, state, since_ms, changed_ms)
              SELECT 1, id, 1, 'done', 0, CAST(? AS INTEGER) FROM fleet_robots WHERE id <= 2`,
        parameters: [now() - HOUR],
      },
    ]);
    const outbreaks = open();
    await confirm([0, 1, 2]);
    await outbreaks.refresh();
    const [{ report }] = reported as [FleetOutbreak];
    assert.equal(report.title, 'MOTOR_HOT on 3 robots');
    assert.deepEqual(report.summary, {
      ...{ kind: 'issue_spreads', subject: '7', robots: 3, sites: ['berlin'], groups: ['night'] },
      about:
        'MOTOR_HOT began on 3 robots within 60 min. 3 of 3 have 2.1.0, 1 of 7 others. 2 of 3 were changed by the campaign slower within 24 h before.',
    });
    assert.deepEqual(report.detail.by_version, [
      { name: '2.1.0', affected: 3, others: 1 },
      { name: '2.0.0', affected: 0, others: 6 },
    ]);
    assert.deepEqual(
      report.detail.by_site.map(({ affected, others }) => [affected, others]),
      [
        [3, 3],
        [0, 4],
      ],
    );
    assert.deepEqual([report.detail.change?.version, report.detail.change?.robots], ['2.1.0', 3]);
    assert.deepEqual([report.detail.campaign?.id, report.detail.campaign?.robots], ['slower', 2]);
    assert.equal(report.detail.members[0]?.incident_id, 'inc_5');
    assert.deepEqual(news(), ['issue_spreads 7 3']);
    await outbreaks.refresh();
    await outbreaks.close();
    const again = open();
    await again.refresh();
    assert.deepEqual(news(), ['issue_spreads 7 3'], 'reported again after a start, and not opened again');
    await confirm([3]);
    await again.refresh();
    assert.deepEqual(news(), ['issue_spreads 7 4']);
    await store.write([{ sql: 'UPDATE fleet_occurrences SET ended_ms = ?', parameters: [now()] }]);
    await again.refresh();
    clock.advance(2 * HOUR);
    await again.refresh();
    assert.deepEqual(news(), ['issue_spreads 7 4', 'issue_spreads 7 4 ended']);
    await again.close();
  });

  it('do not open for events of last week, or of clocks that are not known', async () => {
    const { open, confirm, news, now } = await stageWithRobots();
    const outbreaks = open();
    await confirm([0, 1, 2, 3], { beganMs: now() - 7 * 24 * HOUR });
    await confirm([4, 5, 6, 7], { uncertainMs: null });
    await outbreaks.refresh();
    assert.deepEqual(news(), []);
    await outbreaks.close();
  });

  it('do not open for an issue that a person ignores', async () => {
    const { open, confirm, news, store } = await stageWithRobots();
    const outbreaks = open();
    await store.write([{ sql: "UPDATE fleet_issues SET decision = 'ignored', until_n = 9" }]);
    await confirm([0, 1, 2, 3]);
    await outbreaks.refresh();
    assert.deepEqual(news(), []);
    await store.write([{ sql: 'UPDATE fleet_issues SET n = 9' }]);
    await outbreaks.refresh();
    assert.deepEqual(news(), ['issue_spreads 7 4'], 'the limit is reached');
    await outbreaks.close();
  });

  it('compare the rates of versions from the rollups, without occurrences whose time is uncertain', async () => {
    const { open, confirm, news, store, now, clock } = await stageWithRobots();
    await store.write([
      {
        sql: `INSERT INTO fleet_robot_hours (robot, hour, site, version, running_ms, n, errors)
              SELECT id, ?, site, software, 3600000, 2, CASE WHEN software = '2.1.0' THEN 2 ELSE 0 END FROM fleet_robots`,
        parameters: [Math.floor(now() / HOUR)],
      },
    ]);
    const outbreaks = open();
    await confirm([0, 1, 2], { uncertainMs: null });
    await confirm([0, 1, 2], { uncertainMs: null, beganMs: now() - 1 });
    await outbreaks.refresh();
    assert.deepEqual(news(), [], 'two of eight are left');
    await store.write([{ sql: 'DELETE FROM fleet_occurrences' }]);
    clock.advance(MINUTE);
    await outbreaks.refresh();
    assert.deepEqual(news(), ['version_worse 2.1.0 4']);
    await outbreaks.close();
  });

  it('report a lost site once, and a clock that is wrong until it is right', async () => {
    const { open, news, store, now, clock } = await stageWithRobots();
    const outbreaks = open();
    clock.advance(MINUTE);
    await store.write([
      { sql: "UPDATE fleet_robots SET online = 0, since_ms = ? WHERE site = 'graz'", parameters: [now()] },
    ]);
    clock.advance(2 * MINUTE);
    await outbreaks.refresh();
    clock.advance(HOUR);
    await outbreaks.refresh();
    assert.deepEqual(news(), ['site_lost graz 4']);
    await store.write([
      { sql: 'UPDATE fleet_robots SET online = 1, since_ms = ?', parameters: [now()] },
      { sql: "INSERT INTO fleet_clocks SELECT id, 1, 0, 500000 FROM fleet_robots WHERE name = 'r1'" },
      { sql: "INSERT INTO fleet_clocks SELECT id, 2, 0, -90000 FROM fleet_robots WHERE name = 'r2'" },
    ]);
    clock.advance(5 * MINUTE);
    await outbreaks.refresh();
    assert.deepEqual(news(), ['clock_off r1 1', 'site_lost graz 4 ended']);
    await store.write([{ sql: 'UPDATE fleet_clocks SET offset_ms = 0' }]);
    await outbreaks.refresh();
    assert.deepEqual(news(), ['clock_off r1 1 ended']);
    await outbreaks.close();
  });

  it('report a robot that connects again and again, without the restarts of the hub', async () => {
    const { open, news, store, now, clock } = await stageWithRobots();
    const outbreaks = open();
    const connects = async (robot: string, reasons: readonly string[]) => {
      for (const reason of reasons) {
        clock.advance(1000);
        await store.write(
          [
            ['0', reason],
            ['1', 'connected from 203.0.113.7'],
          ].map(([online, text]) => ({
            sql: `INSERT INTO fleet_presence (robot, at_ms, online, reason)
                  SELECT id, ?, CAST(? AS INTEGER), ? FROM fleet_robots WHERE name = ?`,
            parameters: [now(), online!, text!, robot],
          })),
        );
      }
    };
    await connects('r1', Array(6).fill('the connection to the robot was lost'));
    await connects('r2', [...Array(5).fill('lost'), ...Array(20).fill('the hub was restarted')]);
    await connects('r3', [...Array(20).fill('the hub stops'), ...Array(20).fill('the database was opened again')]);
    await outbreaks.refresh();
    assert.deepEqual(news(), ['robot_flaps r1 1']);
    clock.advance(HOUR);
    await outbreaks.refresh();
    assert.deepEqual(news(), ['robot_flaps r1 1 ended']);
    await outbreaks.close();
  });

  it('report a budget that is used up and an audit log that was changed, until the robot reports otherwise', async () => {
    const { open, news, fleet, robot, clock, store } = await stageWithRobots();
    const outbreaks = open();
    await robot('amr', 'KEYKEYKEYKEYKEYKEYKE');
    const lease = await fleet.connected('amr', { hello: helloOf(), address: ADDRESS });
    assert.ok('epoch' in lease);
    const log = robotLog('log-1');
    const state = (used_bytes: number): UplinkState => {
      const renews = new Date(clock.wallMs() + HOUR).toISOString();
      const budget = { day: '2026-11-27', renews, used_bytes, limit_bytes: 10, metered: true, classes: [] };
      return log.state([], { budget, at_ms: clock.wallMs() });
    };
    const report = async (...codes: readonly string[]) => {
      const after = log.lines.length;
      log.add('health', { warnings: codes.map((code) => ({ code })) });
      const part = { robot: 'amr', epoch: lease.epoch, log: 'log-1', after, records: log.lines.slice(after) };
      assert.deepEqual([...(await fleet.ingest([part])).values()], ['stored']);
      await outbreaks.refresh();
    };
    await fleet.storeState('amr', lease.epoch, state(9));
    await report('audit_disk_full');
    assert.deepEqual(news(), []);
    await fleet.storeState('amr', lease.epoch, state(10));
    await report('audit_went_back', 'no_nodes');
    assert.deepEqual(news().sort(), ['audit_rewritten amr 1', 'budget_spent amr 1']);
    const [problem] = await store.read("SELECT message FROM fleet_problems WHERE code = 'audit_rewritten'");
    assert.match(String(problem?.message), /^The robot reports audit_went_back: run medkit audit verify/);
    await report();
    clock.advance(HOUR);
    await outbreaks.refresh();
    assert.deepEqual(news().sort(), ['audit_rewritten amr 1 ended', 'budget_spent amr 1 ended']);
    await outbreaks.close();
  });

  it('report a robot that speaks old versions only, until it connects', async () => {
    const { open, news, fleet, robot } = await stageWithRobots();
    const outbreaks = open();
    const key = 'KEYKEYKEYKEYKEYKEYKE';
    await robot('amr', key);
    await fleet.record({ address: ADDRESS }).outdated('UNKNOWNUNKNOWNUNKNOW');
    await fleet.record({ address: ADDRESS }).outdated(key);
    await outbreaks.refresh();
    assert.deepEqual(news(), ['version_too_old unknown 1']);
    await fleet.connected('amr', { hello: helloOf(), address: ADDRESS });
    await outbreaks.refresh();
    assert.deepEqual(news(), ['version_too_old unknown 1 ended']);
    await outbreaks.close();
  });

  it('know the last change of the version of each robot', async () => {
    const { fleet, store, robot } = await fleetStage();
    await robot('amr', 'K');
    const connect = (software: string) =>
      fleet.connected('amr', { hello: helloOf({ versions: { medkit: '0.3.0', software } }), address: ADDRESS });
    const changes = async () =>
      (await store.read('SELECT version FROM fleet_version_changes')).map(({ version }) => version);
    await connect('2.0.0');
    assert.deepEqual(await changes(), []);
    await connect('2.1.0');
    await connect('2.1.0');
    assert.deepEqual(await changes(), ['2.1.0']);
    await connect('2.0.0');
    assert.deepEqual(await changes(), ['2.0.0']);
  });
});
