import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { FLEET_TABLES } from '@medkit/fleet';
import { memoryStore, type Store } from '@medkit/store';
import { enrolTestRobot, type TestHub, testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import { eventually } from '../harness/eventually.ts';

const COUNT = 60_000;
const store = memoryStore({ clock: systemClock, migrations: FLEET_TABLES });
let pagesRead = 0;
let hub: TestHub;

/** A store that counts pages of occurrences. */
const counted: Store = {
  ...store,
  close: async () => undefined,
  read: (sql, parameters) => {
    if (sql.includes('FROM fleet_occurrences')) pagesRead += 1;
    return store.read(sql, parameters);
  },
};

before(async () => {
  hub = await testHub({}, { openFleetStore: async () => counted });
  await enrolTestRobot(hub, 'amr-1', { site: 'berlin' });
  await store.write([
    {
      sql: `WITH RECURSIVE k (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < ${COUNT})
            INSERT INTO fleet_occurrences (robot, origin, code, number, started_ms, began_ms, severity, entity, site, changed)
            SELECT 1, '', CASE WHEN k.n = 1 THEN 'FIRST' ELSE 'MOTOR' END, k.n, 0, k.n * 1000, 2, '=arm', 'berlin', 0 FROM k`,
    },
  ]);
});
after(() => hub.close());

describe('the export of a hub', () => {
  it('is JSON lines or CSV with a name, and has all rows', async () => {
    const lines = await hub.fleet('GET', '/export');
    assert.equal(lines.status, 200, lines.text.slice(0, 300));
    assert.equal(lines.headers.get('content-type'), 'application/x-ndjson');
    assert.match(lines.headers.get('content-disposition')!, /occurrences\.ndjson/);
    const rows = lines.text.trimEnd().split('\n');
    assert.deepEqual([rows.length, JSON.parse(rows.at(-1)!).fault_code], [COUNT, 'FIRST']);
    const csv = await hub.fleet('GET', '/export?format=csv&code=FIRST');
    assert.match(csv.headers.get('content-type')!, /^text\/csv/);
    assert.match(csv.text, /^robot,origin,[^\r\n]*\r\namr-1,,FIRST,1,1970-01-01T00:00:01\.000Z,.*,'=arm,.*\r\n$/);
    assert.match((await hub.fleet('GET', '/export?what=robots&format=csv')).text, /\r\namr-1,approved,/);
    assert.equal((await hub.fleet('GET', '/export?what=events')).text, '');
  });

  it('is refused with the reason before it begins', async () => {
    for (const [query, reason] of [
      ['what=robots&issue=1', /issue: robots have no such filter/],
      ['state=x', /neither active nor ended/],
      ['what=x', /what/],
      ['format=xlsx', /format/],
    ] as const) {
      const { status, text } = await hub.fleet('GET', `/export?${query}`);
      assert.equal(status, 400, query);
      assert.match(text, reason);
    }
  });

  it('stops reading when the client disconnects', async () => {
    pagesRead = 0;
    const ending = new AbortController();
    const reply = await fetch(`${hub.url}/api/v1/x-medkit-fleet/export`, {
      signal: ending.signal,
      headers: { 'accept-encoding': 'identity' },
    });
    const reader = reply.body!.getReader();
    await reader.read();
    ending.abort();
    await assert.rejects(reader.read());
    let seen = -1;
    await eventually('the end of reading', async () => {
      const isEnded = pagesRead === seen;
      seen = pagesRead;
      return isEnded;
    });
    assert.ok(pagesRead > 0 && pagesRead < COUNT / 500, `${pagesRead} pages`);
  });
});
