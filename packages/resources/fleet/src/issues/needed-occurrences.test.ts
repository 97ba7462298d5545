import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SqlValue } from '@medkit/store';
import { HOUR_MS } from '../fleet-context.ts';
import { fleetStage } from '../testing/fleet-stage.ts';
import { ROLLUP_STATEMENTS } from './rollups.ts';
import { tidyOccurrences } from './tidy-occurrences.ts';

const DAY_MS = 86_400_000;

interface OccurrenceFields {
  readonly id: number;
  readonly issue?: number;
  readonly incident?: string;
  /** Age of its beginning, days. */
  readonly days?: number;
  readonly isActive?: boolean;
}

/** A fleet with one robot and issues, to which occurrences are added. */
async function fleetOf(decisions: readonly string[]) {
  const stage = await fleetStage();
  const { store, clock, fleet } = stage;
  fleet.close();
  await stage.robot('amr', 'K');
  const nowMs = Math.floor(clock.wallMs());
  await store.write(
    decisions.map((decision, index) => ({
      sql: `INSERT INTO fleet_issues (id, fingerprint, severity, decision, decided_ms, regressed_ms)
            VALUES (?, ?, 2, ?, 0, CAST(? AS INTEGER))`,
      parameters: [
        index + 1,
        `f${index}`,
        decision.replace('regressed', 'resolved'),
        decision === 'regressed' ? 1 : null,
      ],
    })),
  );
  const add = async (...occurrences: readonly OccurrenceFields[]): Promise<void> => {
    const rows = occurrences.map(({ id, issue, incident, days = 100, isActive = false }): readonly SqlValue[] => {
      const beganMs = nowMs - days * DAY_MS;
      return [id, `C${id}`, id, beganMs, beganMs, isActive ? null : beganMs + 1, issue ?? null, incident ?? null];
    });
    await store.write([
      ...rows.map((parameters) => ({
        sql: `INSERT INTO fleet_occurrences
                (id, robot, origin, code, number, started_ms, began_ms, ended_ms, severity, issue, incident, changed)
              VALUES (?, 1, '', ?, ?, ?, ?, CAST(? AS INTEGER), 2, CAST(? AS INTEGER), ?, 1)`,
        parameters,
      })),
      ...ROLLUP_STATEMENTS,
    ]);
  };
  const ids = async () => (await store.read('SELECT id FROM fleet_occurrences ORDER BY id')).map(({ id }) => id);
  const tidy = (max?: number, days = 30) => tidyOccurrences(store, { nowMs, beforeMs: nowMs - days * DAY_MS }, max);
  return { ...stage, nowMs, add, ids, tidy };
}

describe('old occurrences', () => {
  it('stay if they are the last one of an open issue', async () => {
    const { add, ids, tidy, fleet, store } = await fleetOf(['none', 'resolved', 'regressed', 'muted']);
    for (const issue of [1, 2, 3, 4])
      await add({ id: 10 * issue, issue, days: 90 }, { id: 10 * issue + 1, issue, days: 80 });
    await add({ id: 1 }, { id: 2, issue: 1, days: 85 });
    await tidy();
    assert.deepEqual(await ids(), [11, 31]);
    assert.equal((await fleet.issues.recount()).different, 0);
    // A decision ends it.
    await store.write([{ sql: "UPDATE fleet_issues SET decision = 'resolved' WHERE id = 1" }]);
    await tidy();
    assert.deepEqual(await ids(), [31]);
  });

  it('stay while they or others of their incident are active', async () => {
    const { add, ids, tidy, store } = await fleetOf([]);
    await add({ id: 1, isActive: true }, { id: 2, incident: 'inc_1' }, { id: 3, incident: 'inc_2' });
    await add({ id: 4, incident: 'inc_1', isActive: true, days: 1 }, { id: 5 });
    await tidy();
    assert.deepEqual(await ids(), [1, 2, 4]);
    await store.write([{ sql: 'UPDATE fleet_occurrences SET ended_ms = began_ms + 1 WHERE ended_ms IS NULL' }]);
    await tidy();
    assert.deepEqual(await ids(), [4]);
  });

  it('stay with the hours in which they began, so that a recount finds no difference', async () => {
    const { add, ids, tidy, fleet, store, nowMs } = await fleetOf(['none']);
    await add({ id: 1, issue: 1 }, { id: 2, issue: 1, days: 99 });
    const hour = (days: number) => Math.floor((nowMs - days * DAY_MS) / HOUR_MS);
    await store.write([
      { sql: 'UPDATE fleet_robot_hours SET running_ms = 1000' },
      {
        sql: "INSERT INTO fleet_robot_hours (robot, hour, site, version, running_ms, n, errors) VALUES (1, ?, '', '', 5, 0, 0)",
        parameters: [hour(50)],
      },
    ]);
    await tidy();
    assert.deepEqual(await ids(), [2]);
    assert.deepEqual(await store.read('SELECT hour, n, running_ms FROM fleet_robot_hours'), [
      { hour: hour(99), n: 1, running_ms: 1000 },
    ]);
    assert.deepEqual(await fleet.issues.recount(), { occurrences: 1, different: 0, differences: [] });
  });

  it('beyond the limit are removed unless they are needed, in turns of limited size', async () => {
    const { add, ids, tidy, store } = await fleetOf([]);
    await add({ id: 1, isActive: true });
    await store.write([
      {
        sql: `INSERT INTO fleet_occurrences
                (id, robot, origin, code, number, started_ms, began_ms, ended_ms, severity, changed)
              SELECT CAST(value AS INTEGER), 1, '', 'C', CAST(value AS INTEGER), 1, 1, 2, 2, 1 FROM json_each(?)`,
        parameters: [JSON.stringify(Array.from({ length: 5100 }, (_, index) => index + 2))],
      },
      ...ROLLUP_STATEMENTS,
    ]);
    const largest = { changes: 0 };
    const write: typeof store.write = async (...parts) => {
      const written = await store.write(...parts);
      largest.changes = Math.max(largest.changes, written.results[0]?.changes ?? 0);
      return written;
    };
    await tidyOccurrences({ ...store, write }, { nowMs: 3, beforeMs: 0 }, 2);
    assert.deepEqual(await ids(), [1, 5101]);
    assert.equal(largest.changes, 5000);
    await tidy(1);
    assert.deepEqual(await ids(), [1]);
  });
});
