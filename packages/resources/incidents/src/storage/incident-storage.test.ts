import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { testStore } from '@medkit/store/testing';
import type { IncidentRecord } from '../incident/incident-record.ts';
import { occurrenceKey } from '../occurrence/occurrence.ts';
import { occurrence } from '../testing/occurrence.ts';
import { changeStatements, readIncidents } from './incident-storage.ts';
import { INCIDENT_TABLES } from './incident-tables.ts';

const nothing = { occurrences: [], forgotten: [], records: [], cursors: new Map() };

function setUp() {
  const store = testStore({ clock: new SimulatedClock(), migrations: { incidents: INCIDENT_TABLES } });
  return { store, database: { exists: async () => true, store: async () => store } };
}

it('returns what was written, except what was removed', async () => {
  const { store, database } = setUp();
  const [one, other] = [occurrence('A', 0), occurrence('B', 1)];
  const record = {
    key: occurrenceKey(one),
    atMs: 5,
    by: 'jan',
    said: { is: 'note', text: 'Cable was loose' },
  } as const;
  const about = { ...record, key: occurrenceKey(other) };
  await store.write(
    changeStatements({
      ...nothing,
      occurrences: [one, other],
      records: [record, about],
      cursors: new Map([['arm', 7]]),
    }),
  );
  const cursors = new Map([['arm', 7]]);
  assert.deepEqual(await readIncidents(database), { occurrences: [one, other], records: [record, about], cursors });
  await store.write(changeStatements({ ...nothing, forgotten: [occurrenceKey(other)] }));
  assert.deepEqual(await readIncidents(database), { occurrences: [one], records: [record], cursors });
});

it('retains the last of each repeated action, and every note', async () => {
  const { store, database } = setUp();
  const key = occurrenceKey(occurrence('A', 0));
  const say = (said: IncidentRecord['said'], atMs: number): IncidentRecord => ({ key, atMs, by: 'jan', said });
  for (let atMs = 0; atMs < 40; atMs += 4) {
    for (const [at, said] of [
      { is: 'acknowledged' } as const,
      { is: 'released' } as const,
      { is: 'label', label: `l${atMs}` } as const,
      { is: 'note', text: `n${atMs}` } as const,
    ].entries()) {
      await store.write(changeStatements({ ...nothing, records: [say(said, atMs + at)] }));
    }
  }
  await store.write(changeStatements({ ...nothing, records: [{ ...say({ is: 'released' }, 50), key: 'other' }] }));
  const { records } = await readIncidents(database);
  const decisions = records.filter(({ said }) => said.is !== 'note');
  assert.deepEqual(
    decisions.map(({ atMs, said, key: of }) => [atMs, said.is, of === key]),
    [
      [36, 'acknowledged', true],
      [37, 'released', true],
      [38, 'label', true],
      [50, 'released', false],
    ],
  );
  assert.equal(records.length - decisions.length, 10);
});

it('is empty, and opens nothing, if nothing was ever written', async () => {
  const database = { exists: async () => false, store: () => assert.fail('it is opened') };
  assert.deepEqual(await readIncidents(database), { occurrences: [], records: [], cursors: new Map() });
});

it('returns more rows than one read of the store', async () => {
  const { store, database } = setUp();
  const all = Array.from({ length: 10_500 }, (_, at) => occurrence(`F${at}`, at));
  await store.write(changeStatements({ ...nothing, occurrences: all }));
  const { occurrences } = await readIncidents(database);
  assert.equal(new Set(occurrences.map(({ code }) => code)).size, 10_500);
});

it('skips damaged rows', async () => {
  const { store, database } = setUp();
  const whole = occurrence('A', 0);
  await store.write(changeStatements({ ...nothing, occurrences: [whole] }));
  const damaged = [
    '',
    '{',
    'null',
    '5',
    '[]',
    JSON.stringify({ ...whole, beganMs: 'yesterday' }),
    JSON.stringify({ ...whole, healedMs: 1e300 }),
    JSON.stringify({ ...whole, recordings: [null] }),
    JSON.stringify({ ...whole, related: undefined }),
    JSON.stringify({ ...whole, number: 0.5 }),
  ];
  await store.write(
    damaged.flatMap((body, at) => [
      { sql: 'INSERT INTO incident_occurrences (key, began_ms, body) VALUES (?, 0, ?)', parameters: [`k${at}`, body] },
      { sql: 'INSERT INTO incident_records (key, body) VALUES (?, ?)', parameters: [`k${at}`, body] },
    ]),
  );
  assert.deepEqual(await readIncidents(database), { occurrences: [whole], records: [], cursors: new Map() });
});
