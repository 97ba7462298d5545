import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { type AuditRecord, memoryStore, StoreFull, StoreUnavailable } from '@medkit/store';
import type { AuditFile } from './audit-file.ts';
import { RequestAudit } from './request-audit.ts';
import { WAITING_RECEIPTS, WAITING_TABLES } from './waiting-file.ts';
import { MAX_STORED_REQUESTS } from './waiting-records.ts';

const AWAY = new StoreUnavailable('the database is down');

const record = (path: string): AuditRecord => ({
  ...{ occurredAtNs: 2n ** 60n, faultCode: '__request__', transition: 'request', severity: 0, status: '204' },
  ...{ sourceId: 'ada', description: path },
});

/** A log on a server, and the file of a machine whose process can be killed. */
function server() {
  const clock = new SimulatedClock();
  const log = memoryStore({ clock, migrations: WAITING_RECEIPTS, audit: { maxRecords: 0 } });
  const file = memoryStore({ clock, migrations: WAITING_TABLES });
  const state = {
    away: undefined as Error | undefined,
    /** Fails after the commit, as a connection that is lost before the reply. */
    loses: undefined as Error | undefined,
    fileFailure: undefined as Error | undefined,
    /** Whether the file exists. */
    isCreated: false,
  };
  const start = () => {
    let isKilled = false;
    const alive = <T>(work: () => Promise<T>): Promise<T> => (isKilled ? new Promise<T>(() => undefined) : work());
    const opened = {
      ...log,
      read: (...read: Parameters<typeof log.read>) => alive(() => log.read(...read)),
      sync: async () => undefined,
      write: (...write: Parameters<typeof log.write>) =>
        alive(async () => {
          if (state.away) throw state.away;
          const result = await log.write(...write);
          if (state.loses) throw state.loses;
          return result;
        }),
    };
    const waiting = {
      ...file,
      write: (...write: Parameters<typeof file.write>) =>
        alive(async () => {
          if (state.fileFailure) throw state.fileFailure;
          return file.write(...write);
        }),
    };
    const auditFile: AuditFile = {
      ...{ path: 'postgres://db/medkit', opened, isShort: false, onAppended: () => () => undefined },
      exists: async () => true,
      store: async () => opened,
      close: async () => undefined,
      waiting: {
        exists: async () => state.isCreated,
        store: async () => {
          state.isCreated = true;
          return waiting;
        },
      },
    };
    const audit = new RequestAudit({
      ...{ file: auditFile, durability: 'system', failClosed: false, clock, log: () => undefined },
    });
    const kill = () => {
      isKilled = true;
    };
    return { audit, kill };
  };
  const paths = async () =>
    (await log.read('SELECT description FROM audit_log ORDER BY seq')).map(({ description }) => description);
  const rows = async () => Number((await file.read('SELECT count(*) AS n FROM audit_waiting'))[0]?.n);
  /** Lets the interval of the retries pass. */
  const retry = () => clock.advanceAsync(5000, 1000);
  return { log, state, start, paths, rows, retry };
}

describe('records that wait for a log on another machine', () => {
  it('survive the end of the process, and are in the log before later ones', async () => {
    const { log, state, start, paths, rows, retry } = server();
    const first = start();
    await first.audit.write(record('a'));
    state.away = AWAY;
    assert.equal(await first.audit.write(record('b')), false);
    await first.audit.write(record('c'));
    assert.match(first.audit.health().warnings[0]?.message ?? '', /stored on this machine/);
    first.kill();
    state.away = undefined;
    const second = start();
    await second.audit.write(record('d'));
    await retry();
    await second.audit.write(record('e'));
    assert.deepEqual([await paths(), await rows()], [['a', 'b', 'c', 'd', 'e'], 0]);
    assert.deepEqual(await log.verifyAudit(), { intact: true, checked: 5 });
    assert.deepEqual(await log.read("SELECT occurred_at_ns FROM audit_log WHERE description = 'b'"), [
      { occurred_at_ns: 2n ** 60n },
    ]);
  });

  it('are in the log once if its reply is lost, and if the process is killed before it removes them', async () => {
    const { state, start, paths, rows, retry } = server();
    const first = start();
    state.away = AWAY;
    await first.audit.write(record('a'));
    [state.away, state.loses] = [undefined, new StoreUnavailable('the connection was lost')];
    await retry();
    assert.deepEqual([await paths(), await rows()], [['a'], 1]);
    await first.audit.write(record('b'));
    state.loses = undefined;
    state.fileFailure = new StoreFull('the disk is full');
    await retry();
    assert.deepEqual([await paths(), await rows()], [['a', 'b'], 2]);
    first.kill();
    state.fileFailure = undefined;
    const second = start();
    await second.audit.write(record('c'));
    await retry();
    assert.deepEqual([await paths(), await rows()], [['a', 'b', 'c'], 0]);
  });

  it('have a limit, beyond which they are counted, also across a killed process', async () => {
    const { state, start, paths, rows, retry } = server();
    const first = start();
    state.away = AWAY;
    for (let count = 0; count < MAX_STORED_REQUESTS + 3; count += 1) await first.audit.write(record(`${count}`));
    assert.equal(await rows(), MAX_STORED_REQUESTS);
    first.kill();
    state.away = undefined;
    start();
    await retry();
    const all = await paths();
    assert.equal(all.length, MAX_STORED_REQUESTS + 1);
    assert.equal(all.at(-1), '3 requests are missing: the log could not be written for too long');
    const third = start();
    await third.audit.write(record('later'));
    await retry();
    assert.equal((await paths()).at(-1), 'later');
    assert.equal((await paths()).length, all.length + 1, 'the loss is stated once');
  });

  it('wait in memory if the disk of the machine fails, with the reason in the warning', async () => {
    const { state, start, paths, rows, retry } = server();
    const { audit } = start();
    [state.away, state.fileFailure] = [AWAY, new StoreFull('/hub/audit_waiting.db is full')];
    await audit.write(record('a'));
    await audit.write(record('b'));
    assert.match(audit.health().warnings[0]?.message ?? '', /queued in memory: \/hub\/audit_waiting\.db is full/);
    [state.away, state.fileFailure] = [undefined, undefined];
    await retry();
    assert.deepEqual([await paths(), await rows(), audit.health().warnings], [['a', 'b'], 0, []]);
  });
});
