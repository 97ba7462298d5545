import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type IncidentChanged, LOCAL } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { type Statement, type Store, StoreFull } from '@medkit/store';
import { testStore } from '@medkit/store/testing';
import type { IncidentRecord } from '../incident/incident-record.ts';
import { type Occurrence, occurrenceKey } from '../occurrence/occurrence.ts';
import { INCIDENT_TABLES } from '../storage/incident-tables.ts';
import { healed, NIGHT_MS, occurrence } from '../testing/occurrence.ts';
import { openIncidentBook } from './incident-book.ts';
import { incidentPage } from './incident-query.ts';

/** A book with an in-memory store whose disk can be full or slow. */
async function setUp({ maxOccurrences = 1000, store: existing = undefined as Store | undefined } = {}) {
  const clock = new SimulatedClock({ epochMs: NIGHT_MS + 60_000 });
  const store = existing ?? testStore({ clock, migrations: { incidents: INCIDENT_TABLES } });
  const news: IncidentChanged[] = [];
  const logged: string[] = [];
  const disk = { isFull: false, writes: 0, wait: Promise.resolve() };
  const write = async (statements: readonly Statement[]) => {
    disk.writes += 1;
    await disk.wait;
    if (disk.isFull) throw new StoreFull('the disk is full');
    return store.write(statements);
  };
  const book = await openIncidentBook({
    database: { exists: async () => true, store: async () => ({ ...store, write }) },
    clock,
    log: (level, message) => logged.push(`${level}: ${message}`),
    robotOf: (origin) => (origin === LOCAL ? 'amr' : origin),
    maxOccurrences,
    onNews: (each) => news.push(each),
  });
  const takeNews = (): string =>
    news
      .splice(0)
      .map(({ news: word, incident: { id }, mergedIds }) =>
        [word, id, ...(mergedIds ? [`<- ${mergedIds}`] : [])].join(' '),
      )
      .join(', ');
  const report = async (...occurrences: readonly Occurrence[]): Promise<string> => {
    book.tell(occurrences);
    await book.settled();
    return takeNews();
  };
  return { clock, store, book, news, logged, disk, takeNews, report };
}

const said = (one: Occurrence, is: 'acknowledged' | 'released' | 'closed' | 'reopened', sec = 50): IncidentRecord => ({
  key: occurrenceKey(one),
  atMs: NIGHT_MS + sec * 1000,
  by: 'jan',
  said: { is },
});

const arm = { entity: { type: 'app', id: 'arm' } } as const;
const a = occurrence('A', 0, arm);

describe('updates of the incident book', () => {
  it('report an incident that opens, gets worse and heals', async () => {
    const { report } = await setUp();
    assert.equal(await report(a), 'opened inc_1');
    assert.equal(await report(occurrence('B', 1, arm)), 'changed inc_1');
    assert.equal(await report(occurrence('C', 2, { ...arm, severity: 3 })), 'worse inc_1');
    assert.equal(await report({ ...a, blocksMotion: true }), 'worse inc_1', 'it holds the robot');
    assert.equal(await report(healed(a, 5), healed(occurrence('B', 1, arm), 5)), 'changed inc_1');
    assert.equal(await report(healed(occurrence('C', 2, arm), 5)), 'healed inc_1');
  });

  it('report once an incident that opens and heals at the same time, and only as changed if it healed long ago', async () => {
    const { report, clock } = await setUp();
    assert.equal(await report(healed(a, 5)), 'healed inc_1');
    clock.stepWall(3_600_000);
    assert.equal(await report(healed(occurrence('X', 30), 5)), 'changed inc_301');
  });

  it('report actions of persons once', async () => {
    const { report, book, takeNews } = await setUp();
    await report(a);
    for (const [is, word] of [
      ['acknowledged', 'acknowledged'],
      ['released', 'changed'],
      ['closed', 'closed'],
      ['reopened', 'reopened'],
    ] as const) {
      await book.record([said(a, is)]);
      assert.equal(takeNews(), `${word} inc_1`);
    }
    assert.equal(
      await report(occurrence('X', 40)),
      'opened inc_401',
      'and nothing of it again when something else happens',
    );
  });

  it('report a fault that reopens an ended incident', async () => {
    const { report } = await setUp();
    await report(healed(a, 1));
    assert.equal(await report(occurrence('B', 3, arm)), 'reopened inc_1');
  });

  it('report into which incident another one was merged, and do not open it again', async () => {
    const { report, book } = await setUp();
    const [first, second] = [occurrence('A', 10), occurrence('B', 20)];
    assert.equal(await report(first, second), 'opened inc_101, opened inc_201');
    const cause = { origin: 'local', code: 'A', ruleId: 'r' };
    assert.equal(await report({ ...second, cause }), 'merged inc_101 <- inc_201');
    assert.equal(book.entries.byId.get('inc_201')?.incident.id, 'inc_101');
    assert.equal(
      await report({ ...occurrence('Z', 9), cause }),
      'merged inc_91 <- inc_101',
      'told late, began earlier',
    );
    const worst = occurrence('Y', 8, { severity: 3, cause });
    assert.equal(await report(worst), 'worse inc_81 <- inc_91', 'what is worse is told as that');
  });

  it('report the final id once the number of the event is known', async () => {
    const { report, book } = await setUp();
    const { sequence: _, ...unnumbered } = a;
    assert.equal(await report(unnumbered), 'opened inc_A.1');
    assert.equal(await report(a), 'merged inc_1 <- inc_A.1');
    assert.equal(book.entries.byId.get('inc_A.1')?.incident.id, 'inc_1');
  });
});

describe('ids', () => {
  it('name the gateway', async () => {
    const { report } = await setUp();
    assert.equal(await report(occurrence('A', 0, { origin: 'site/arm' })), 'opened inc_1@site.arm');
  });

  it('are unique, also if a gateway lost its log and restarts its numbers', async () => {
    const { report, book } = await setUp();
    const anew = occurrence('A', 50, { sequence: 1 });
    assert.equal(await report(healed(a, 1), anew), `healed inc_1, opened inc_A.1.${anew.startedMs}`);
    assert.equal(book.entries.all.length, 2);
  });
});

describe('reported occurrences', () => {
  it('are written together if they arrive close together', async () => {
    const { book, clock, disk, takeNews } = await setUp();
    for (const at of [0, 1, 2]) book.tell([occurrence(`F${at}`, at, arm)]);
    assert.equal(takeNews(), '');
    await clock.advanceAsync(40);
    assert.equal(takeNews(), 'opened inc_1');
    assert.equal(disk.writes, 1);
  });

  it('are published once they are on disk, and so are those reported meanwhile', async () => {
    const { book, disk, takeNews } = await setUp();
    const slow = Promise.withResolvers<void>();
    disk.wait = slow.promise;
    book.tell([a]);
    const settled = book.settled();
    await new Promise(setImmediate);
    book.tell([occurrence('X', 30)]);
    assert.equal(takeNews(), '');
    slow.resolve();
    await settled;
    assert.equal(takeNews(), 'opened inc_1');
    await book.settled();
    assert.equal(takeNews(), 'opened inc_301');
  });

  it('wait while the disk is full, are retried and published once', async () => {
    const { book, clock, disk, takeNews, logged, store } = await setUp();
    disk.isFull = true;
    book.tell([a], { origin: 'local', id: 7 });
    await book.settled();
    book.tell([healed(a, 5)], { origin: 'local', id: 8 });
    await clock.advanceAsync(3000, 10);
    assert.equal(takeNews(), '');
    assert.equal(book.entries.all.length, 0);
    assert.equal(book.known(a)?.healedMs, NIGHT_MS + 5000, 'it is known all the same');
    assert.equal(logged.length, 1, 'which is told once');
    disk.isFull = false;
    await clock.advanceAsync(1100, 10);
    assert.equal(takeNews(), 'healed inc_1');
    assert.equal(logged.length, 2);
    const again = await setUp({ store });
    assert.equal(again.book.entries.all[0]?.incident.state, 'healed');
    assert.equal(again.book.cursors.get('local'), 8);
  });

  it('are written when the book is closed', async () => {
    const { book, store } = await setUp();
    book.tell([a]);
    await book.close();
    assert.equal((await setUp({ store })).book.entries.all.length, 1);
  });

  it('of a log continue at the stored position, also after an empty read', async () => {
    const { book, store, news } = await setUp();
    book.tell([], { origin: 'arm', id: 12 });
    await book.settled();
    assert.equal(news.length, 0);
    assert.equal((await setUp({ store })).book.cursors.get('arm'), 12);
  });
});

it('an action of a person is rejected if it cannot be written, and has no effect', async () => {
  const { book, disk, report } = await setUp();
  await report(a);
  disk.isFull = true;
  await assert.rejects(book.record([said(a, 'acknowledged')]), StoreFull);
  assert.equal(book.entries.all[0]?.incident.acknowledged_at, undefined);
});

describe('an incident book beyond its limit', () => {
  const old = (n: number) => healed(occurrence(`OLD_${n}`, n), 0.5);

  it('removes the oldest ended incidents completely, on disk as well, and does not add them again', async () => {
    const { report, book, store } = await setUp({ maxOccurrences: 20 });
    const lasting = occurrence('LASTS', -1);
    const all = Array.from({ length: 20 }, (_, n) => old(n));
    await report(lasting, ...all);
    await report(occurrence('NEW', 100));
    const codes = () => book.entries.all.map(({ incident: { root } }) => root);
    assert.deepEqual([codes()[0], codes()[1], codes().length], ['LASTS', 'OLD_4', 18]);
    assert.equal(await report(...all), '', 'told again it is no news');
    assert.deepEqual(
      (await setUp({ store })).book.entries.all.map(({ incident: { root } }) => root),
      codes(),
    );
  });

  it('keeps one incident and its id for a fault that flaps continuously', async () => {
    const { report, book } = await setUp({ maxOccurrences: 20 });
    for (let n = 0; n < 60; n += 1) await report(healed(occurrence('FLAPS', n * 4, { number: n + 1 }), 1));
    assert.equal(book.entries.all.length, 1);
    assert.ok(book.entries.all[0]!.group.members.length <= 21);
  });
});

it('pages continue in place while new incidents arrive, and return each once', async () => {
  const { report, book } = await setUp();
  const at = (n: number) => occurrence(`F${n % 7}_${n}`, Math.floor(n / 3), { sequence: 1000 - n });
  await report(...Array.from({ length: 20 }, (_, n) => at(n)));
  const before = book.entries.all.map(({ incident }) => incident.id).toReversed();
  const seen: string[] = [];
  for (let cursor: string | undefined, page = 0; page === 0 || cursor; page += 1) {
    const { items, next } = incidentPage(book.entries.all, { limit: 3, ...(cursor && { cursor }) });
    seen.push(...items.map(({ incident }) => incident.id));
    cursor = next;
    await report(occurrence(`NEW_${page}`, 100 + page));
  }
  assert.deepEqual(seen, before);
});

describe('open faults of another gateway', () => {
  const flood = (from: number, to: number, more: Partial<Occurrence> = {}) =>
    Array.from({ length: to - from }, (_, at) =>
      occurrence(`F${from + at}`, 100 * (from + at), { origin: 'yard', ...more }),
    );
  const openCodes = (book: Awaited<ReturnType<typeof setUp>>['book'], origin: string) =>
    book.entries.all.flatMap(({ group }) =>
      group.members.flatMap(({ occurrence: each }) =>
        each.origin === origin && each.healedMs === undefined ? [each.code] : [],
      ),
    );

  it('fill a share of the room, and the remaining ones are one incident, however many there are', async () => {
    const { book, report, logged } = await setUp({ maxOccurrences: 100 });
    await report(...flood(0, 500));
    await report(...flood(500, 1000, { severity: 3 }));
    const codes = openCodes(book, 'yard');
    assert.equal(codes.length, 26);
    assert.ok(codes.includes('X_MEDKIT_FAULTS_LEFT_OUT'));
    assert.deepEqual(book.overfull(), ['yard']);
    assert.equal(logged.filter((line) => line.startsWith('warn:')).length, 1);
    const members = book.entries.all.flatMap(({ group }) => group.members);
    const summary = members.find(({ occurrence: { code } }) => code === 'X_MEDKIT_FAULTS_LEFT_OUT')?.occurrence;
    assert.equal(summary?.severity, 3);
  });

  it('leave room for other gateways and for this gateway', async () => {
    const { book, report } = await setUp({ maxOccurrences: 100 });
    await report(...flood(0, 500));
    await report(...flood(0, 5, { origin: 'hall' }), ...flood(0, 40, { origin: 'local' }));
    assert.equal(openCodes(book, 'hall').length, 5);
    assert.equal(openCodes(book, 'local').length, 40);
  });

  it('are added again once there is room, and the incident for the remaining ones heals', async () => {
    const { book, report } = await setUp({ maxOccurrences: 100 });
    const all = flood(0, 30);
    await report(...all);
    await report(...all.slice(0, 10).map((one) => healed(one, 5)));
    assert.deepEqual(book.overfull(), []);
    await report(...all.slice(25));
    assert.equal(openCodes(book, 'yard').length, 20);
  });
});

describe('outbreaks of a fleet', () => {
  const outbreak = (id: number, robots: number, more: Partial<Occurrence> = {}): Occurrence => {
    const summary = { kind: 'issue_spreads', subject: `${id}`, about: '', robots, sites: [], groups: [] } as const;
    const { entity: _, ...base } = occurrence('ISSUE_SPREADS', id, { origin: 'fleet', number: id, sequence: id });
    const detail = { members: [], by_version: [], by_site: [] };
    return { ...base, outbreak: { summary: { ...summary, sites: [], groups: [] }, detail }, ...more };
  };

  it('are one incident each, also if they have one code and overlap', async () => {
    const { report } = await setUp();
    assert.equal(await report(outbreak(1, 3), outbreak(2, 3)), 'opened inc_1@fleet, opened inc_2@fleet');
    assert.equal(await report(outbreak(1, 3, { healedMs: NIGHT_MS + 5000 })), 'healed inc_1@fleet');
    assert.equal(await report(outbreak(3, 3)), 'opened inc_3@fleet');
  });

  it('have the later report, and change nothing if they are reported again', async () => {
    const { report, book, store } = await setUp();
    await report(outbreak(1, 3));
    const later = outbreak(1, 5, { reportedMs: NIGHT_MS + 9000, description: 'on 5 robots' });
    assert.equal(await report(later), 'changed inc_1@fleet');
    assert.equal(await report(outbreak(1, 3), later), '');
    const incidents = () => book.entries.all.map(({ incident: { title, outbreak: about } }) => [title, about?.robots]);
    assert.deepEqual(incidents(), [['on 5 robots', 5]]);
    const again = await setUp({ store });
    assert.equal(await again.report(later), '');
  });
});
