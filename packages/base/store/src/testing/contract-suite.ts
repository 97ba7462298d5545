import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineOptions } from '../engine-options.ts';
import {
  ConditionFailed,
  ConstraintViolated,
  StatementFailed,
  StoreClosed,
  StoreFull,
  TooManyRows,
} from '../errors.ts';
import { MAX_ROWS } from '../sql/read-rows.ts';
import type { SqlValue } from '../sql/values.ts';
import type { Store } from '../store.ts';
import { auditRecord, NOTES, note } from './sample-data.ts';

const event = (type: string) => ({ timeNs: 1_735_312_456_123_456_789n, type, payload: `{"of":"${type}"}` });

interface EngineDifferences {
  /** Text in which the engine cannot hold a NUL character has U+FFFD instead. */
  readonly holdsNul: boolean;
  /** The engine has a limit of the size of its database. */
  readonly hasSizeLimit: boolean;
  /** Reason to skip all tests. */
  readonly skip?: string;
}

/**
 * Tests the contract of every store. `open` opens an empty store with further `options`, for one test; the suite closes
 * it.
 */
export function describeStore(
  kind: string,
  open: (options: Omit<EngineOptions, 'path'>) => Promise<Store>,
  { holdsNul, hasSizeLimit, skip }: EngineDifferences = { holdsNul: true, hasSizeLimit: true },
): void {
  const withStore =
    (work: (store: Store) => Promise<void>, options: Omit<EngineOptions, 'path'> = {}) =>
    async () => {
      const store = await open({ migrations: NOTES, ...options });
      try {
        await work(store);
      } finally {
        await store.close();
      }
    };
  const names = async (store: Store) =>
    (await store.read('SELECT name FROM notes ORDER BY id')).map(({ name }) => name);

  describe(`a store (${kind})`, { skip }, () => {
    it(
      'returns every kind of value as it was written',
      withStore(async (store) => {
        const values: readonly (readonly [column: string, value: SqlValue])[] = [
          ['value', null],
          ['value', 0],
          ['value', -1],
          ['value', 2 ** 53 - 1],
          ['value', 2n ** 62n],
          ['value', -(2n ** 63n)],
          ['ratio', 1.5],
          ['ratio', 2],
          ['ratio', null],
          ['text', ''],
          ['text', 'ümlaut\0and NUL'],
          ['text', '{"a": [1, "?", null]}'],
          ['body', new Uint8Array([0, 255])],
          ['body', new Uint8Array()],
        ];
        for (const [index, [column, value]] of values.entries()) {
          const sql = `INSERT INTO notes (name, ${column}) VALUES (?, ?)`;
          await store.write([{ sql, parameters: [String(index), value] }]);
          const [row] = await store.read(`SELECT ${column} AS value FROM notes WHERE name = ?`, [String(index)]);
          const stored = typeof value === 'string' && !holdsNul ? value.replaceAll('\0', '\ufffd') : value;
          assert.deepEqual(row, { value: stored });
        }
      }),
    );

    it(
      'keeps integers exact, and returns a bigint that fits a number as a number',
      withStore(async (store) => {
        await store.write([note('number', 7), note('bigint', 7n)]);
        const rows = await store.read('SELECT value, value / 2 AS half, sum(value) OVER () AS sum FROM notes');
        assert.deepEqual(rows, [
          { value: 7, half: 3, sum: 14 },
          { value: 7, half: 3, sum: 14 },
        ]);
      }),
    );

    it(
      'returns the result of each statement',
      withStore(async (store) => {
        const { results } = await store.write([
          note('a', 1),
          {
            sql: 'INSERT INTO notes (name, value) VALUES (:name, :value) RETURNING id, name',
            parameters: { name: 'b', value: 2 },
          },
          { sql: 'UPDATE notes SET value = value + 1' },
          { sql: 'DELETE FROM notes WHERE name = ?', parameters: ['nobody'] },
        ]);
        assert.deepEqual(results, [
          { changes: 1, rows: [] },
          { changes: 1, rows: [{ id: 2, name: 'b' }] },
          { changes: 2, rows: [] },
          { changes: 0, rows: [] },
        ]);
        const sum = await store.read('SELECT sum(value) AS sum FROM notes WHERE value > :least', { least: 1 });
        assert.deepEqual(sum, [{ sum: 5 }]);
      }),
    );

    it(
      'rolls back a failed write with its events and records, and no concurrent write',
      withStore(
        async (store) => {
          const outcomes = await Promise.allSettled([
            store.write([note('a')]),
            store.write([note('b'), note('a')], { events: [event('lost')], audit: [auditRecord()] }),
            store.write([note('c')], { events: [event('kept')] }),
          ]);
          assert.deepEqual(
            outcomes.map(({ status }) => status),
            ['fulfilled', 'rejected', 'fulfilled'],
          );
          assert.deepEqual(await names(store), ['a', 'c']);
          const { events } = await store.eventsAfter(0, 10);
          assert.deepEqual(
            events.map(({ id, type }) => [id, type]),
            [[1, 'kept']],
          );
          assert.deepEqual(await store.verifyAudit(), { intact: true, checked: 0 });
        },
        { audit: { maxRecords: 0 } },
      ),
    );

    it(
      'reports the reason why a write failed',
      withStore(async (store) => {
        await store.write([note('taken')]);
        const cases: readonly [() => Promise<unknown>, new (message: string) => Error, RegExp][] = [
          [
            () => store.write([note('taken')]),
            ConstraintViolated,
            /UNIQUE constraint failed: notes\.name|notes_name_key/,
          ],
          [
            () => store.write([{ sql: 'INSERT INTO nowhere VALUES (1)' }]),
            StatementFailed,
            /no such table: nowhere|relation "nowhere" does not exist/,
          ],
          [() => store.write([{ sql: 'INSERT INTO' }]), StatementFailed, /incomplete input|at end of input/],
          [
            () => store.write([{ ...note(''), parameters: ['x', undefined as never] }]),
            StatementFailed,
            /cannot be bound/,
          ],
          [() => store.write([note('x', 2n ** 64n)]), StatementFailed, /too large/],
          [
            () => store.write([{ sql: 'DELETE FROM notes; DELETE FROM notes' }]),
            StatementFailed,
            /more than one statement|multiple commands/,
          ],
          [() => store.write([{ sql: ' commit' }]), StatementFailed, /reserved for the store/],
          [() => store.write([], { audit: [auditRecord()] }), StatementFailed, /without an audit log/],
          [() => store.verifyAudit(), StatementFailed, /without an audit log/],
        ];
        for (const [act, Class, message] of cases) {
          await assert.rejects(act, (error: Error) => {
            assert.ok(error instanceof Class, `${error.name}: ${error.message}`);
            assert.equal(error.name, Class.name);
            assert.match(error.message, message);
            return true;
          });
        }
        assert.deepEqual(await names(store), ['taken']);
      }),
    );

    it(
      'undoes a write of which a statement does not change the expected number of rows',
      withStore(async (store) => {
        await store.write([note('a', 1)]);
        const set = (value: number, before: number) => ({
          sql: 'UPDATE notes SET value = ? WHERE value = ?',
          parameters: [value, before],
          expect: 1,
        });
        assert.equal((await store.write([set(2, 1)])).results[0].changes, 1);
        const failed = store.write([note('b'), set(3, 1), note('c')], { events: [event('lost')] });
        await assert.rejects(failed, (error: Error) => {
          assert.ok(error instanceof ConditionFailed);
          assert.match(error.message, /changed 0 rows instead of 1/);
          return true;
        });
        assert.deepEqual(await names(store), ['a']);
        assert.equal((await store.eventsAfter(0, 10)).newestId, 0);
      }),
    );

    it(
      'has the same results for statements that databases write differently',
      withStore(async (store) => {
        await store.write(
          ['b', 'a', 'B', 'ä'].map((name, index) => note(name, index === 0 ? null : index)),
          {},
        );
        const first = async (sql: string, parameters?: readonly SqlValue[]) =>
          (await store.read(sql, parameters)).map((row) => Object.values(row)[0]);
        assert.deepEqual(await first('SELECT name FROM notes ORDER BY name'), ['B', 'a', 'b', 'ä'], 'by code point');
        assert.deepEqual(await first('SELECT value FROM notes ORDER BY value NULLS FIRST'), [null, 1, 2, 3]);
        assert.deepEqual(await first('SELECT value IS NULL FROM notes ORDER BY id'), [1, 0, 0, 0], 'no booleans');
        assert.deepEqual(await first('SELECT name FROM notes WHERE value IS NOT DISTINCT FROM ?', [null]), ['b']);
        assert.deepEqual(await first('SELECT name FROM notes WHERE ? IS NULL AND value = ?', [null, 1]), ['a']);
        assert.deepEqual(await first("SELECT name FROM notes WHERE name <> '?' AND value = ? -- ?", [2]), ['B']);
        assert.deepEqual(await first('SELECT max(value, ?) FROM notes ORDER BY id', [2]), [null, 2, 2, 3]);
        assert.deepEqual(await first('SELECT instr(name, ?) FROM notes ORDER BY id', ['a']), [0, 1, 0, 0]);
        assert.deepEqual(await first('SELECT CAST(? AS INTEGER)', [2 ** 40]), [2 ** 40]);
        const chosen =
          'SELECT name FROM notes WHERE id IN (SELECT CAST(value AS INTEGER) FROM json_each(?)) ORDER BY id';
        assert.deepEqual(await first(chosen, ['[1, 3]']), ['b', 'B']);
        const named = 'SELECT name FROM notes WHERE name IN (SELECT value FROM json_each(?)) ORDER BY id';
        assert.deepEqual(await first(named, ['["ä", "\\""]']), ['ä']);
        assert.deepEqual(await first('SELECT count(*) FROM json_each(?)', [null]), [0]);
        const body = JSON.stringify({ said: { is: 'x"' }, 'a b': 1, no: null });
        assert.deepEqual(await first('SELECT json_extract(?, ?)', [body, '$.said.is']), ['x"']);
        assert.deepEqual(await first('SELECT CAST(json_extract(?, ?) AS INTEGER)', [body, '$."a b"']), [1]);
        assert.deepEqual(await first('SELECT json_extract(?, ?)', [body, '$.no']), [null]);
        assert.deepEqual(await first('SELECT json_extract(?, ?)', [body, '$.absent.too']), [null]);
        assert.deepEqual(await first('SELECT json_valid(?)', ['{']), [0]);
        const [json] = await first("SELECT json_array('a', 1, json_object('b', NULL))");
        assert.deepEqual(JSON.parse(String(json)), ['a', 1, { b: null }]);
      }),
    );

    it(
      'replaces, ignores and counts rows in the same way',
      withStore(async (store) => {
        const set = {
          sql: 'INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
          parameters: ['a', 1],
        };
        const add = { sql: 'INSERT INTO notes (name) VALUES (?) ON CONFLICT DO NOTHING', parameters: ['a'] };
        const record = 'INSERT INTO notes (name) SELECT ? WHERE changes() > 0';
        const { results } = await store.write([
          set,
          { ...set, parameters: ['a', 2] },
          add,
          { sql: record, parameters: ['no'] },
          { sql: 'UPDATE notes SET value = 3 WHERE name = ?', parameters: ['a'] },
          { sql: record, parameters: ['yes'] },
          { sql: 'INSERT INTO notes (name, value) SELECT ?, ? WHERE ? IS NULL', parameters: ['typed', 5, null] },
        ]);
        assert.deepEqual(
          results.map(({ changes }) => changes),
          [1, 1, 0, 0, 1, 1, 1],
        );
        assert.deepEqual(await names(store), ['a', 'yes', 'typed']);
      }),
    );

    it(
      'changes nothing in a read',
      withStore(async (store) => {
        for (const sql of [
          "INSERT INTO notes (name) VALUES ('x') RETURNING id",
          'DELETE FROM notes',
          'PRAGMA user_version = 7',
        ]) {
          await assert.rejects(store.read(sql), StatementFailed);
        }
        assert.deepEqual(await names(store), []);
        await store.write([note('after')]);
      }),
    );

    it(
      'rejects a result with too many rows, and returns one that just fits',
      withStore(async (store) => {
        const numbers = (last: number) =>
          `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${last}) SELECT i FROM n`;
        assert.equal((await store.read(numbers(MAX_ROWS))).length, MAX_ROWS);
        await assert.rejects(store.read(numbers(MAX_ROWS + 1)), TooManyRows);
        await assert.rejects(store.read(`SELECT zeroblob(20000000) AS a FROM (${numbers(2)}) AS two`), TooManyRows);
      }),
    );

    it(
      'numbers events in the order of their writes, without gaps',
      withStore(async (store) => {
        const writes = Array.from({ length: 20 }, (_, index) =>
          store.write([], { events: [event(`first_${index}`), event(`second_${index}`)] }),
        );
        const ids = (await Promise.all(writes)).flatMap(({ eventIds }) => eventIds);
        assert.deepEqual(
          ids,
          Array.from({ length: 40 }, (_, index) => index + 1),
        );
        const { events, oldestId, newestId } = await store.eventsAfter(37, 2);
        assert.deepEqual(events, [
          { id: 38, ...event('second_18') },
          { id: 39, ...event('first_19') },
        ]);
        assert.deepEqual([oldestId, newestId], [1, 40]);
      }),
    );

    it(
      'stores only the newest events, and never reuses a number',
      withStore(
        async (store) => {
          assert.deepEqual(await store.eventsAfter(0, 10), { events: [], oldestId: 0, newestId: 0 });
          for (let index = 1; index <= 9; index += 1) await store.write([], { events: [event(`e${index}`)] });
          const { events, oldestId, newestId } = await store.eventsAfter(0, 100);
          assert.deepEqual(
            events.map(({ type }) => type),
            ['e7', 'e8', 'e9'],
          );
          assert.deepEqual([oldestId, newestId], [7, 9]);
          await store.write([{ sql: 'DELETE FROM events' }]);
          assert.deepEqual(await store.eventsAfter(0, 10), { events: [], oldestId: 0, newestId: 9 });
          assert.deepEqual((await store.write([], { events: [event('next')] })).eventIds, [10]);
        },
        { maxEvents: 3 },
      ),
    );

    it(
      'removes the oldest events in batches of a hundredth, so that a write does not touch an extra page per removed event',
      withStore(
        async (store) => {
          const counts = new Set<number>();
          for (let index = 0; index < 500; index += 1) {
            await store.write([], { events: [event('e')] });
            const [{ count }] = await store.read('SELECT count(*) AS count FROM events');
            if (index >= 300) counts.add(Number(count));
          }
          assert.deepEqual([...counts].sort(), [298, 299, 300]);
          assert.equal(counts.size, 3);
        },
        { maxEvents: 300 },
      ),
    );

    it(
      'returns no more events per read than requested, and never more than 1000',
      withStore(async (store) => {
        await store.write([], { events: Array.from({ length: 1100 }, () => event('e')) });
        assert.equal((await store.eventsAfter(0, 0)).events.length, 0);
        assert.equal((await store.eventsAfter(0, -1)).events.length, 0);
        assert.equal((await store.eventsAfter(0, 5)).events.length, 5);
        assert.equal((await store.eventsAfter(0, 1_000_000)).events.length, 1000);
        assert.equal((await store.eventsAfter(1100, 5)).events.length, 0);
      }),
    );

    it(
      'A01, A14, A18, A19: chains audit records in the transaction of the change they record',
      withStore(
        async (store) => {
          const { auditSeqs } = await store.write([note('fault')], {
            audit: [auditRecord({ transition: 'occurred' }), auditRecord()],
          });
          assert.deepEqual(auditSeqs, [1, 2]);
          const odd = auditRecord({ description: 'NUL \0, half a pair \ud800, "quoted"\n' });
          await store.write([], { audit: [odd] });
          assert.deepEqual(await store.verifyAudit(), { intact: true, checked: 3 });
          await assert.rejects(store.write([{ sql: "UPDATE audit_log SET status = 'CLEARED'" }]), ConstraintViolated);
          await assert.rejects(store.write([{ sql: 'DELETE FROM audit_log' }]), ConstraintViolated);
        },
        { audit: { maxRecords: 0 } },
      ),
    );

    it(
      'returns a write that did not wait for the disk like any other, and flushes it on request',
      withStore(async (store) => {
        const { results } = await store.write([note('handed over')], {}, 'system');
        assert.equal(results[0].changes, 1);
        await store.sync();
        await Promise.all([store.write([note('handed over, too')], {}, 'system'), store.write([note('on disk')])]);
        assert.deepEqual(await store.read('SELECT count(*) AS n FROM notes'), [{ n: 3 }]);
      }),
    );

    it(
      'A09, A15: stores only the newest audit records, still a valid chain',
      withStore(
        async (store) => {
          for (let index = 0; index < 12; index += 1) await store.write([], { audit: [auditRecord()] });
          const range = await store.read('SELECT min(seq) AS first, max(seq) AS last FROM audit_log');
          assert.deepEqual(range, [{ first: 8, last: 12 }]);
          assert.deepEqual(await store.read('SELECT last_seq FROM audit_anchors'), [{ last_seq: 7 }]);
          assert.deepEqual(await store.verifyAudit(), { intact: true, checked: 5 });
          assert.equal((await store.usage()).failedAuditPrunes, 0);
        },
        { audit: { maxRecords: 5 } },
      ),
    );

    // A server of a database limits the size of its files itself.
    if (hasSizeLimit) {
      it(
        'rejects a write that does not fit, keeps its content, and accepts one that fits',
        withStore(
          async (store) => {
            await store.write([note('small')]);
            const outcomes = await Promise.allSettled([
              store.write([note('large', new Uint8Array(1_000_000))]),
              store.write([note('small too')]),
            ]);
            assert.ok(outcomes[0].status === 'rejected' && outcomes[0].reason instanceof StoreFull);
            assert.equal(outcomes[1].status, 'fulfilled');
            assert.deepEqual(await names(store), ['small', 'small too']);
            await store.write([{ sql: 'DELETE FROM notes' }]);
            await store.write([note('again')]);
            assert.ok((await store.usage()).databaseBytes <= 200_000);
          },
          { maxBytes: 200_000 },
        ),
      );
    }

    it(
      'reads every acknowledged write',
      withStore(async (store) => {
        for (let index = 0; index < 50; index += 1) {
          await store.write([note(String(index))]);
          assert.deepEqual(await store.read('SELECT count(*) AS n FROM notes'), [{ n: index + 1 }]);
        }
        assert.equal(await store.checkpoint(), true);
        assert.deepEqual(await store.read('SELECT count(*) AS n FROM notes'), [{ n: 50 }]);
      }),
    );

    it('rejects calls after it is closed, and can be closed twice', async () => {
      const store = await open({ migrations: NOTES });
      const lastWrite = store.write([note('last')]);
      await Promise.all([store.close(), store.close()]);
      assert.equal((await lastWrite).results[0].changes, 1, 'what was under way is done');
      for (const act of [
        () => store.write([note('late')]),
        () => store.read('SELECT 1'),
        () => store.eventsAfter(0, 1),
        () => store.verifyAudit(),
        () => store.checkpoint(),
        () => store.usage(),
      ]) {
        await assert.rejects(act, StoreClosed);
      }
      assert.equal(store.facts().running, false);
    });
  });
}
