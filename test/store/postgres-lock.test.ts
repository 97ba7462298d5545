import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { type Store, StoreLocked, StoreUnavailable } from '@medkit/store';
import { postgresStore, watchLocks } from '@medkit/store/postgres';
import { NOTES, note } from '../../packages/base/store/src/testing/sample-data.ts';
import { eventually } from '../harness/eventually.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

describe('a locked store on PostgreSQL', { skip: missingSystemPackages('postgres') }, () => {
  let server: Postgres;
  let opened = 0;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.[Symbol.asyncDispose]());

  const newSchema = (): string => `locked_${++opened}`;
  const open = (
    schema: string,
    owner: string,
    waitMs = 300,
    warnings: string[] = [],
    onOutdated?: (reason: string) => void,
  ): Promise<Store> =>
    postgresStore({
      ...{ url: server.url, schema, migrations: NOTES, clock: systemClock, onOutdated },
      lock: { owner, waitMs },
      warn: (message) => warnings.push(message),
    });
  /** A store that collects why it is outdated. */
  const openMarked = async (schema: string) => {
    const reasons: string[] = [];
    const store = await open(schema, 'one', 300, [], (reason) => reasons.push(reason));
    return { store, reasons };
  };
  /** Ends the sessions of a process on the server, as after a cut of its network. */
  const cut = (owner: string): void =>
    void server.psql(
      `SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = '${owner}'`,
    );

  it('is refused to a second process, which learns who has it and since when', async () => {
    const schema = newSchema();
    const startMs = Date.now();
    const first = await open(schema, 'medkit process 7 on hub-a');
    const warnings: string[] = [];
    await assert.rejects(open(schema, 'medkit process 8 on hub-b', 300, warnings), (error: Error) => {
      assert.ok(error instanceof StoreLocked, `${error.name}: ${error.message}`);
      assert.match(
        error.message,
        new RegExp(`the schema ${schema} of postgres://medkit@.* by medkit process 7 on hub-a`),
      );
      assert.match(error.message, /only one process may use it: stop that process, or name another database/);
      const since = Date.parse(/since (\S+Z)/.exec(error.message)?.[1] ?? '');
      assert.ok(since >= startMs - 1000 && since <= Date.now() + 1000, error.message);
      return true;
    });
    assert.match(warnings[0] ?? '', /hub-a.*waiting up to 1 s/);
    await first.write([note('first')]);
    const other = await open(newSchema(), 'medkit process 8 on hub-b');
    await Promise.all([first.close(), other.close()]);
  });

  it('is available to others immediately after it is closed, and to one that waits', async () => {
    const schema = newSchema();
    const first = await open(schema, 'one');
    const waiting = open(schema, 'two', 60_000);
    await eventually('a session that waits', async () =>
      server.psql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").startsWith('1'),
    );
    await first.close();
    const second = await waiting;
    await second.write([note('second')]);
    await second.close();
  });

  it('writes nothing while another process has the lock that it lost, and continues when it has it again', async () => {
    const schema = newSchema();
    const warnings: string[] = [];
    const first = await open(schema, 'one', 100, warnings);
    await first.write([note('before')]);
    const next = open(schema, 'two', 60_000);
    await eventually('a session that waits', async () =>
      server.psql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").startsWith('1'),
    );
    cut('one');
    const second = await next;
    await eventually('the reason', async () => /is in use by two/.test(first.facts().lastReason ?? ''));
    await assert.rejects(first.write([note('during')]), (error: Error) => {
      assert.ok(error instanceof StoreUnavailable, error.name);
      assert.match(error.message, /is in use by two/);
      return true;
    });
    await second.write([note('second')]);
    await second.close();
    await eventually('the lock', () => first.write([note('after')]));
    const names = (await first.read('SELECT name FROM notes ORDER BY id')).map(({ name }) => name);
    assert.deepEqual(names, ['before', 'second', 'after']);
    await first.close();
  });

  it('has the lock again after a restart of the server', async () => {
    const schema = newSchema();
    const first = await open(schema, 'one');
    await server.restart();
    await eventually('a write', () => first.write([note('after')]));
    await assert.rejects(open(schema, 'two'), StoreLocked);
    await first.close();
  });

  it('continues after a lost connection if the database has all acknowledged writes, or lost some that need not be on disk', async () => {
    const { store, reasons } = await openMarked(newSchema());
    await store.write([note('a'), { ...note('b'), expect: 1 }]);
    await assert.rejects(store.write([note('undone'), { sql: 'UPDATE notes SET text = NULL WHERE 1 = 0', expect: 1 }]));
    await store.write([note('c')], {}, 'system');
    await server.restart();
    const { results } = await eventually('a write', () => store.write([note('d'), note('e')]));
    assert.equal(results.length, 2);
    assert.deepEqual(reasons, []);
    await store.close();
  });

  it('is unavailable after a failover to a copy without its last writes', async () => {
    const { store, reasons } = await openMarked(newSchema());
    const same = await openMarked(newSchema());
    await same.store.write([note('in the copy')]);
    await server.backUp();
    await eventually('a write', () => store.write([note('not in the copy')]));
    await eventually('the other store', () => same.store.read('SELECT text FROM notes'));
    await server.failOver();
    await eventually('the reason', async () => reasons.length > 0);
    assert.match(reasons[0]!, /postgres:\/\/medkit@.* does not have the last changes .* start medkit again/);
    // The store learns the reason after the connections of the refused start are closed.
    await eventually('the refusal', async () => store.facts().lastReason === reasons[0]);
    await assert.rejects(store.write([note('later')]), /start medkit again/);
    await eventually('a write', () => same.store.write([note('later')]));
    assert.deepEqual(same.reasons, []);
    await Promise.all([store.close(), same.store.close()]);
  });

  it('is unavailable after a lost connection if another process has written since', async () => {
    const schema = newSchema();
    const { store, reasons } = await openMarked(schema);
    await store.write([note('first')]);
    // As after a network that was cut for long enough.
    server.psql(`UPDATE ${schema}.store_writer SET process = 'another process'`);
    cut('one');
    await eventually('the reason', async () => reasons.length > 0);
    await store.close();
    const next = await openMarked(schema);
    await next.store.write([note('second')]);
    await next.store.close();
  });

  it('can be observed and taken from a process that is silent, which learns that another one has taken over', async () => {
    const schema = newSchema();
    const reasons: string[] = [];
    const first = await open(schema, 'one', 100, [], (reason) => reasons.push(reason));
    const locks = watchLocks({ url: server.url }, [newSchema(), schema]);
    const silent = await eventually('its silence', async () => {
      const holder = await locks.holder();
      return (holder?.silentMs ?? 0) > 100 && holder;
    });
    assert.match(silent.description, /^one .*since .*\(server process \d+\)$/);
    const taking = open(schema, 'two', 60_000);
    await eventually('a session that waits', async () =>
      server.psql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").startsWith('1'),
    );
    await locks.end(silent);
    const second = await taking;
    await eventually('the reason', async () => reasons.length > 0);
    assert.match(reasons[0]!, /another process has taken over: the schema .* is in use by two/);
    await Promise.all([first.close(), second.close()]);
    await eventually('a free lock', async () => (await locks.holder()) === undefined);
    await locks.close();
  });

  it('has a holder that is never silent for long if it sends heartbeats', async () => {
    const schema = newSchema();
    const store = await postgresStore({
      ...{ url: server.url, schema, migrations: NOTES, clock: systemClock, warn: () => undefined },
      lock: { owner: 'one', heartbeatMs: 20 },
    });
    const locks = watchLocks({ url: server.url }, [schema]);
    const first = await locks.holder();
    // Each heartbeat begins the silence again.
    let [before, beats] = [first?.silentMs ?? 0, 0];
    await eventually('two heartbeats', async () => {
      const now = (await locks.holder())?.silentMs ?? 0;
      if (now < before) beats += 1;
      before = now;
      return beats >= 2;
    });
    await Promise.all([store.close(), locks.close()]);
  });
});
