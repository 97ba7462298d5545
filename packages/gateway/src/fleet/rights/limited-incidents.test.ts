import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexEntities, LOCAL } from '@medkit/core';
import { entityLists } from '@medkit/core/testing';
import type { FleetOutbreak, FleetView } from '@medkit/fleet';
import { type IncidentRecord, incidentEntries, type Occurrence, occurrenceKey } from '@medkit/incidents';
import { StoreError } from '@medkit/store';
import { outbreakOccurrence } from '../outbreaks/outbreak-occurrence.ts';
import { limitedIncidents } from './limited-incidents.ts';

const HOUR_MS = 3_600_000;
const VIEW = { robots: new Set(['a']), sites: new Set(['alpha']), groups: new Set() } as unknown as FleetView;

const outbreak = (id: number, more: Partial<FleetOutbreak> = {}): FleetOutbreak => ({
  ...{ id, kind: 'site_lost', subject: 'x', beganMs: id * HOUR_MS, changedMs: 0, endedMs: undefined, severity: 2 },
  ...{ name: 'x', about: '', members: [], robots: 3 },
  report: {
    title: `outbreak ${id}`,
    summary: { kind: 'site_lost', subject: 'x', about: '', robots: 3, sites: [], groups: [] },
    detail: { members: [], by_version: [], by_site: [] },
  },
  ...more,
});
const fault = (origin: string, sequence: number): Occurrence => ({
  ...{ origin, code: `FAULT_${sequence}`, number: 1, sequence, description: '', severity: 2, recordings: [] },
  ...{ beganMs: sequence * HOUR_MS, startedMs: sequence * HOUR_MS, reportedMs: 0, related: [], blocksMotion: true },
});
const said = (of: Occurrence, atMs: number, record: IncidentRecord['said']): IncidentRecord => ({
  ...{ key: occurrenceKey(of), atMs, by: 'ada', said: record },
});

/** The reader of an account that has the robot `a`, whose parts of outbreaks are given. */
function stage(occurrences: readonly Occurrence[], parts: readonly FleetOutbreak[]) {
  const book = { entries: incidentEntries({ occurrences, records: [], robotOf: (origin) => origin }) };
  let reads = 0;
  const within = async () => {
    reads += 1;
    return parts;
  };
  const model = { tree: indexEntities(entityLists({}), 1) };
  const outbreaks = { revision: 0, within };
  const reader = limitedIncidents({
    book,
    outbreaks,
    model,
    isPeer: (robot) => robot !== 'plain',
  });
  const say = (...records: readonly IncidentRecord[]): void => {
    book.entries = incidentEntries({ occurrences, records, robotOf: (origin) => origin });
  };
  return { reader, outbreaks, say, reads: () => reads };
}

test('a view has the faults of its merged robots and its part of outbreaks, and no other incident', async () => {
  const whole = [1, 2].map((id) => outbreakOccurrence(outbreak(id)));
  const others = [fault(LOCAL, 3), fault('a', 5), fault('a/arm', 7), fault('b', 9), fault('plain', 11)];
  const { reader } = stage([...whole, ...others], [outbreak(2, { beganMs: 4 * HOUR_MS, severity: 1 })]);
  const { items } = (await reader(VIEW)).reader.list({});
  assert.deepEqual(
    items.map(({ id, robot, severity }) => [id, robot, severity]),
    [
      ['inc_7@a.arm', 'a/arm', 2],
      ['inc_5@a', 'a', 2],
      ['inc_2@fleet', 'fleet', 1],
    ],
  );
  const { get } = (await reader(VIEW)).reader;
  for (const id of ['inc_1@fleet', 'inc_9@b', 'inc_11@plain', 'inc_3', 'inc_99@fleet'])
    assert.throws(() => get(id), {
      code: 'resource-not-found',
      message: `There is no incident ${id}: see GET /x-medkit-incidents`,
    });
});

test('decisions count from the part of the view on, and notes are absent', async () => {
  const [one, two] = [1, 2].map((id) => outbreakOccurrence(outbreak(id))) as [Occurrence, Occurrence];
  const { reader, say } = stage([one, two], [outbreak(2, { beganMs: 4 * HOUR_MS })]);
  say(said(two, 3 * HOUR_MS, { is: 'acknowledged' }), said(two, 5 * HOUR_MS, { is: 'note', text: 'as at b' }));
  const before = (await reader(VIEW)).reader.get('inc_2@fleet');
  assert.deepEqual([before.acknowledged_by, before.notes], [undefined, []]);
  say(
    ...[one, two].map((each) => said(each, 3 * HOUR_MS, { is: 'label', label: 'l' })),
    said(two, 5 * HOUR_MS, { is: 'closed' }),
  );
  const merged = (await reader(VIEW)).reader.get('inc_2@fleet');
  assert.deepEqual(
    [merged.state, merged.closed_by, merged.merged_ids, merged.began],
    ['closed', 'ada', [], '1970-01-01T04:00:00.000Z'],
  );
});

test('the incidents of a view are read again after a change or a failure only', async () => {
  const whole = outbreakOccurrence(outbreak(1));
  const { reader, outbreaks, say, reads } = stage([whole], [outbreak(1)]);
  await Promise.all([reader(VIEW), reader(VIEW)]);
  assert.equal(reads(), 1);
  say(said(whole, 2 * HOUR_MS, { is: 'closed' }));
  assert.equal((await reader(VIEW)).reader.get('inc_1@fleet').state, 'closed');
  assert.equal(reads(), 2);

  outbreaks.revision += 1;
  await reader(VIEW);
  assert.equal(reads(), 3, 'the hub has read its outbreaks after a start');

  const book = { entries: incidentEntries({ occurrences: [whole], records: [], robotOf: (origin) => origin }) };
  let isBroken = true;
  const failing = limitedIncidents({
    ...{ book, model: { tree: indexEntities(entityLists({}), 1) }, isPeer: () => false },
    outbreaks: {
      revision: 0,
      within: async () => {
        if (isBroken) throw new StoreError('the disk is full');
        return [outbreak(1)];
      },
    },
  });
  await assert.rejects(failing(VIEW), { code: 'service-unavailable' });
  isBroken = false;
  assert.equal((await failing(VIEW)).reader.list({}).items.length, 1);
});
