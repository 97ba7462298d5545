import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FLEET_EXPORT_COLUMNS, type FleetExportContent, type FleetExportFormat } from '@medkit/contract';
import { FleetInvalid } from '../fleet-refused.ts';
import { fleetStage } from '../testing/fleet-stage.ts';
import { csvLine, encodeRows } from './encode-rows.ts';
import { type ExportFilters, exportFleet } from './export-fleet.ts';

const BEGAN_MS = Date.parse('2026-03-01T00:00:00Z');

/** A fleet of robots with occurrences, one a second, on the first robot. */
async function stageOf({
  robots,
  occurrences = 0,
  events = 0,
}: {
  readonly robots: readonly string[];
  readonly occurrences?: number;
  readonly events?: number;
}) {
  const stage = await fleetStage();
  const { fleet, store } = stage;
  for (const name of robots) await stage.robot(name, `K-${name}`);
  await fleet.describe(robots[0]!, { site: '=cmd()', labels: { line: '1' } });
  const numbers = (count: number) =>
    `WITH RECURSIVE k (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < ${count})`;
  if (occurrences > 0) {
    await store.write([
      {
        sql: `${numbers(occurrences)} INSERT INTO fleet_occurrences
                (robot, origin, code, number, started_ms, began_ms, severity, entity, site, changed)
              SELECT 1, '', CASE WHEN k.n % 2 = 0 THEN 'EVEN' ELSE 'ODD' END, k.n, 0, ${BEGAN_MS} + k.n / 3, 2, 'a "b", c', '=cmd()', 0 FROM k`,
      },
    ]);
  }
  if (events > 0) {
    await store.write([
      {
        sql: `${numbers(events)} INSERT INTO fleet_events
                (id, robot, seq, hash, kind, boot, robot_ms, at_ms, got_ms, code, severity, body)
              SELECT k.n * 100, 1, k.n, zeroblob(16), 'fault', 1, ${BEGAN_MS}, ${BEGAN_MS} + k.n, ${BEGAN_MS},
                CASE WHEN k.n = 3 THEN 'RARE' ELSE 'USUAL' END, 2, '{"big":12345678901234567890}' FROM k`,
      },
    ]);
  }
  const text = async (what: FleetExportContent, format: FleetExportFormat, filters: ExportFilters = {}) => {
    let found = '';
    for await (const block of encodeRows(await fleet.exported(what, filters), format, FLEET_EXPORT_COLUMNS[what]))
      found += block;
    return found;
  };
  const lines = async (what: FleetExportContent, filters: ExportFilters = {}) =>
    (await text(what, 'ndjson', filters))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return { ...stage, text, lines };
}

describe('a line of CSV', () => {
  const cases: readonly (readonly [unknown, string])[] = [
    ['plain', 'plain'],
    ['', ''],
    [undefined, ''],
    [null, ''],
    [0, '0'],
    [-1.5, '-1.5'],
    [false, 'false'],
    ['a,b', '"a,b"'],
    ['say "so"', '"say ""so"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
    [' space', ' space'],
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ['a=b', 'a=b'],
    ['ルーター,=1', '"ルーター,=1"'],
    [{ line: '1' }, '"{""line"":""1""}"'],
    [[], '[]'],
  ];
  for (const [cell, expected] of cases) {
    it(`has ${JSON.stringify(expected)} for ${JSON.stringify(cell)}`, () => {
      assert.equal(csvLine([cell, 1]), `${expected},1\r\n`);
    });
  }
});

describe('an export', () => {
  it('of occurrences has each one once, the newest first, also if many began at the same time', async () => {
    const { lines } = await stageOf({ robots: ['amr-1'], occurrences: 1203 });
    const found = await lines('occurrences');
    assert.deepEqual(
      found.map(({ number }) => number),
      Array.from({ length: 1203 }, (_, index) => 1203 - index),
    );
    assert.deepEqual((await lines('occurrences', { code: 'EVEN' })).length, 601);
    assert.deepEqual(await lines('occurrences', { robot: 'amr-2' }), []);
  });

  it('has a head and safe cells in CSV', async () => {
    const { text } = await stageOf({ robots: ['amr-1'], occurrences: 1 });
    const [head, line, end] = (await text('occurrences', 'csv')).split('\r\n');
    assert.equal(head?.slice(0, 38), 'robot,origin,fault_code,number,began,u');
    assert.match(line!, /^amr-1,,ODD,1,2026-03-01T00:00:00\.000Z,,,,2,ERROR,"a ""b"", c",,,'=cmd\(\),/);
    assert.equal(end, '');
    assert.match(await text('occurrences', 'csv', { code: 'none' }), /^robot,[^\r\n]*\r\n$/);
  });

  it('of robots has those that match', async () => {
    const names = Array.from({ length: 3 }, (_, index) => `amr-${index + 1}`);
    const { lines, text } = await stageOf({ robots: names });
    assert.deepEqual(
      (await lines('robots')).map(({ id }) => id),
      names,
    );
    assert.deepEqual(
      (await lines('robots', { label: 'line' })).map(({ id, labels }) => [id, labels]),
      [['amr-1', { line: '1' }]],
    );
    const csv = await text('robots', 'csv', { q: 'amr-1' });
    assert.match(csv, /'=cmd\(\),"\{""line"":""1""\}"/);
  });

  it('of events has their bodies unchanged, over gaps in their numbers', async () => {
    const { lines, text } = await stageOf({ robots: ['amr-1', 'amr-2'], events: 450 });
    assert.deepEqual(
      (await lines('events')).map(({ seq }) => seq),
      Array.from({ length: 450 }, (_, index) => index + 1),
    );
    const rare = await text('events', 'ndjson', { code: 'RARE' });
    assert.match(
      rare,
      /^\{"id":"300","robot":"amr-1","seq":3,.*"severity":2,"body":\{"big":12345678901234567890\}\}\n$/,
    );
    assert.match(await text('events', 'csv', { code: 'RARE' }), /,"\{""big"":12345678901234567890\}"\r\n$/);
    assert.equal((await lines('events', { since: new Date(BEGAN_MS + 450).toISOString() })).length, 1);
    assert.deepEqual(await lines('events', { robot: 'amr-2' }), []);
  });

  it('is limited to the robots of a view', async () => {
    const { fleet } = await stageOf({ robots: ['amr-1', 'amr-2'], occurrences: 2, events: 2 });
    await fleet.describe('amr-2', { site: 'ulm' });
    const viewed = fleet.within(await fleet.view([[{ site: 'ulm' }]]));
    for (const [what, count] of [
      ['occurrences', 0],
      ['events', 0],
      ['robots', 1],
    ] as const) {
      let rows = 0;
      for await (const page of await viewed.exported(what, {})) rows += page.length;
      assert.equal(rows, count, what);
    }
  });

  it('is read page by page, and not further than the client reads', async () => {
    const { fleet, store } = await stageOf({ robots: ['amr-1'], occurrences: 2000 });
    const pages = (await fleet.exported('occurrences', {}))[Symbol.asyncIterator]();
    assert.equal((await pages.next()).value?.length, 500);
    await store.write([{ sql: 'DELETE FROM fleet_occurrences WHERE number < 1100' }]);
    assert.equal((await pages.next()).value?.length, 401);
    assert.equal((await pages.next()).done, true);
    const ended = (await fleet.exported('occurrences', {}))[Symbol.asyncIterator]();
    await ended.next();
    await ended.return?.();
    assert.equal((await ended.next()).done, true);
  });

  it('with too many rows breaks off', async () => {
    const { fleet: _, clock, store, pings } = await stageOf({ robots: ['amr-1'], occurrences: 700 });
    const pages = await exportFleet({ clock, store, pings }, 'occurrences', {}, 600);
    const read = async () => {
      for await (const page of pages) assert.equal(page.length, 500);
    };
    await assert.rejects(read(), /more than 600 rows: use a filter/);
  });

  it('is refused with the reason before it begins', async () => {
    const { fleet } = await stageOf({ robots: ['amr-1'] });
    const cases = [
      ['robots', { issue: '1' }, /issue: robots have no such filter; they have state/],
      ['events', { version: '1' }, /version: events have no such filter/],
      ['occurrences', { presence: 'online' }, /presence: occurrences have no such filter/],
      ['occurrences', { state: 'x' }, /state: "x" is neither active nor ended/],
      ['robots', { state: 'x' }, /state: "x" is not one of/],
      ['events', { since: 'x' }, /since: "x" is not a time/],
      ['events', { group: 'none' }, /no group none/],
    ] as const;
    for (const [what, filters, reason] of cases) {
      await assert.rejects(
        fleet.exported(what, filters),
        (error: Error) => error instanceof FleetInvalid && reason.test(error.message),
        what,
      );
    }
  });
});
