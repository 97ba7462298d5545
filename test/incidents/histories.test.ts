import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type IncidentChanged, LOCAL } from '@medkit/core';
import { type Clock, type Random, seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import {
  INCIDENT_TABLES,
  type IncidentBook,
  type IncidentRecord,
  incidentFaults,
  type Occurrence,
  occurrenceKey,
  openIncidentBook,
} from '@medkit/incidents';
import { memoryStore, openStore, type Store } from '@medkit/store';
import { temporaryFolder } from '../../packages/base/store/src/testing/temporary-folder.ts';
import {
  type History,
  interleaved,
  randomHistory,
  shuffled,
} from '../../packages/resources/incidents/src/testing/history.ts';
import { NIGHT_MS } from '../../packages/resources/incidents/src/testing/occurrence.ts';
import { printSeed, STORM_SEED, scaledStorm } from '../harness/storm.ts';

const HISTORIES = scaledStorm(1000, 100);
/** An hour into the night, when people add records to its incidents. */
const LATER_MS = NIGHT_MS + 3_600_000;

/** A book, and the news that it published. */
interface Reader {
  readonly book: IncidentBook;
  readonly news: IncidentChanged[];
  readonly announced: Set<string>;
  readonly merged: Set<string>;
}

async function reader(store: Store, clock: Clock, from?: Reader): Promise<Reader> {
  const news: IncidentChanged[] = [];
  const book = await openIncidentBook({
    database: { exists: async () => true, store: async () => store },
    clock,
    log: (_level, message) => assert.fail(message),
    robotOf: (origin) => (origin === LOCAL ? 'amr' : origin),
    maxOccurrences: 10_000,
    onNews: (each) => news.push(each),
  });
  return { book, news, announced: from?.announced ?? new Set(), merged: from?.merged ?? new Set() };
}

/** Adds a part of a history, and checks that the published news is consistent. */
async function addPart({ book, news, announced, merged }: Reader, part: readonly Occurrence[]): Promise<void> {
  news.length = 0;
  book.tell(part);
  await book.settled();
  const ids = news.map(({ incident: { id } }) => id);
  assert.equal(new Set(ids).size, ids.length, 'of each incident one thing at a time');
  for (const { incident, mergedIds = [] } of news) {
    for (const id of mergedIds) merged.add(id);
    announced.add(incident.id);
    merged.delete(incident.id);
    assert.deepEqual(book.entries.byId.get(incident.id)?.incident, incident, 'as it is now');
  }
  for (const id of announced) {
    const found = book.entries.byId.get(id)?.incident.id;
    assert.ok(found !== undefined, `${id} leads to an incident`);
    assert.ok(found === id || merged.has(id), `that ${id} leads to ${found} was told`);
  }
  for (const { incident } of book.entries.all) assert.ok(announced.has(incident.id), `${incident.id} was told of`);
}

/** Returns everything that clients see of incidents. */
function viewOf({ book: { entries } }: Reader): unknown {
  return {
    all: entries.all.map(({ incident, group, standing }) => ({
      incident,
      standing,
      members: group.members.map(({ occurrence, fold }) => [
        occurrence,
        fold?.because,
        fold && occurrenceKey(fold.with),
      ]),
      faults: incidentFaults(group, () => undefined),
    })),
    byId: entries.all.flatMap(({ ids }) => ids.map((id) => [id, entries.byId.get(id)?.incident.id])),
  };
}

function parts(all: readonly Occurrence[], count: number): readonly (readonly Occurrence[])[] {
  const size = Math.ceil(all.length / count);
  return Array.from({ length: count }, (_, at) => all.slice(at * size, (at + 1) * size));
}

/** Returns the records that people add to the occurrences of a night. */
function saidOf(history: History, { float }: Random): readonly IncidentRecord[] {
  const keys = [...new Set([...history.values()].flat().map(occurrenceKey))].sort();
  const some = keys.filter(() => float() < 0.15);
  return some.map((key, at) => ({
    key,
    atMs: LATER_MS + at,
    by: 'jan',
    said:
      float() < 0.5
        ? { is: 'label', label: `label_${Math.floor(float() * 3)}` }
        : { is: float() < 0.5 ? 'closed' : 'acknowledged' },
  }));
}

const inMemory = (clock: Clock): Store => memoryStore({ clock, migrations: { incidents: INCIDENT_TABLES } });

async function isTheSameInAnyOrder(history: History, random: Random, path: string): Promise<void> {
  const clock = new SimulatedClock({ epochMs: LATER_MS });
  const said = saidOf(history, random);
  const first = await reader(inMemory(clock), clock);
  for (const part of parts(interleaved(history, random), 4)) await addPart(first, part);
  const second = await reader(inMemory(clock), clock);
  for (const part of parts(shuffled([...history.values()].flat(), random), 3)) await addPart(second, part);
  assert.deepEqual(viewOf(second), viewOf(first), 'whoever tells first');

  let store: Store | undefined;
  let restarted: Reader | undefined;
  for (const part of parts(interleaved(history, random), 3)) {
    store = await openStore({ path, clock, warn: assert.fail, migrations: { incidents: INCIDENT_TABLES } });
    const before = restarted && viewOf(restarted);
    restarted = await reader(store, clock, restarted);
    if (before) assert.deepEqual(viewOf(restarted), before, 'after a restart');
    assert.equal(restarted.news.length, 0, 'a restart is no news');
    await addPart(restarted, part);
    await restarted.book.close();
    await store.close();
  }
  assert.deepEqual(viewOf(restarted!), viewOf(first), 'with restarts between');

  await first.book.record(said);
  await second.book.record(said);
  assert.deepEqual(viewOf(second), viewOf(first), 'and with what people say');
  const before = first.book.entries;
  first.news.length = 0;
  for (const part of parts(interleaved(history, random), 2)) {
    first.book.tell(part);
    await first.book.settled();
  }
  assert.deepEqual(first.news, [], 'what is told again is no news');
  assert.equal(first.book.entries, before, 'and changes nothing');
  for (const { book } of [first, second]) await book.close();
}

test(`the incidents of ${HISTORIES} nights are the same in any order of reports, after restarts, and after repeated reports`, {
  timeout: 1_200_000,
}, async (context) => {
  printSeed(context);
  using folder = temporaryFolder();
  const clock = new SimulatedClock();
  // Threads of stores end with the last open store; restarting them takes longer than a night of this test.
  const another = await openStore({ path: join(folder.path, 'another.db'), clock, warn: assert.fail, migrations: {} });
  for (let night = 0; night < HISTORIES; night += 1) {
    const random = seededRandom(STORM_SEED * 7919 + night);
    try {
      await isTheSameInAnyOrder(randomHistory(random), random, join(folder.path, `${night}.db`));
    } catch (error) {
      context.diagnostic(`night ${night}`);
      throw error;
    }
  }
  await another.close();
});
