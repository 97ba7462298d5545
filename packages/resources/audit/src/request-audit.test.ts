import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QuotaFigures } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { type AuditRecord, StoreFull } from '@medkit/store';
import type { AuditFile } from './audit-file.ts';
import { RequestAudit } from './request-audit.ts';
import { memoryAudit } from './testing/memory-audit.ts';
import { MAX_WAITING_REQUESTS } from './waiting-records.ts';

const FULL = new StoreFull('/audit.db is full');

function record(path: string): AuditRecord {
  return {
    occurredAtNs: 0n,
    faultCode: '__request__',
    transition: 'request',
    severity: 0,
    status: '204',
    sourceId: '',
    description: path,
  };
}

/** The audit of requests over a log that fails while `failure` is set. */
function audited({ failClosed = false } = {}) {
  const clock = new SimulatedClock();
  const records = memoryAudit(clock);
  const logged: string[] = [];
  const disk = { failure: undefined as Error | undefined, hangs: undefined as Promise<void> | undefined, syncs: 0 };
  const opened = {
    ...(records.opened ?? assert.fail()),
    write: async (...write: Parameters<NonNullable<typeof records.opened>['write']>) => {
      if (disk.failure) throw disk.failure;
      await disk.hangs;
      return (await records.store()).write(...write);
    },
    sync: async () => {
      disk.syncs += 1;
    },
  };
  const file: AuditFile = { ...records, opened, store: async () => opened };
  const audit = new RequestAudit({
    file,
    durability: 'system',
    failClosed,
    clock,
    log: (level, text) => logged.push(`${level}: ${text}`),
  });
  const paths = async () =>
    (await opened.read('SELECT description FROM audit_log ORDER BY seq')).map(({ description }) => description);
  const figures = () => audit.health().blocks['x-medkit-audit'] as Readonly<Record<string, unknown>>;
  const codes = () => audit.health().warnings.map(({ code }) => code);
  return { audit, clock, disk, logged, paths, figures, codes };
}

describe('the audit of requests', () => {
  it('has a request in the log when it reports it, and on disk soon after and when it ends', async () => {
    const { audit, clock, disk, paths, figures } = audited();
    assert.equal(await audit.write(record('a')), true);
    assert.equal(await audit.write(record('b')), true);
    assert.deepEqual(await paths(), ['a', 'b']);
    assert.equal(disk.syncs, 0);
    await clock.advanceAsync(1000, 1000);
    assert.equal(disk.syncs, 1, 'once for both');
    await clock.advanceAsync(3000, 1000);
    assert.equal(disk.syncs, 1, 'not again without need');
    await audit.write(record('c'));
    await audit.stop();
    assert.deepEqual([disk.syncs, clock.timers], [2, 0]);
    assert.equal(figures().written_total, 3);
  });

  it('queues requests while the log cannot be written, warns once, and writes them in order later', async () => {
    const { audit, clock, disk, logged, paths, figures, codes } = audited();
    disk.failure = FULL;
    assert.deepEqual(await Promise.all(['a', 'b'].map((path) => audit.write(record(path)))), [false, false]);
    await audit.write(record('c'));
    audit.admit();
    assert.deepEqual(codes(), ['request_audit_failing']);
    assert.equal(figures().waiting, 3);
    disk.failure = undefined;
    await clock.advanceAsync(5000, 1000);
    assert.equal(await audit.write(record('d')), true);
    assert.deepEqual(await paths(), ['a', 'b', 'c', 'd']);
    assert.deepEqual(codes(), []);
    assert.deepEqual(logged, [
      'error: The audit log cannot be written: /audit.db is full',
      'info: the audit log can be written again',
    ]);
    await audit.stop();
  });

  it('counts requests that did not fit the queue, and records in the log that they are missing', async () => {
    const { audit, clock, disk, paths, figures, codes } = audited();
    disk.failure = FULL;
    for (let index = 0; index < MAX_WAITING_REQUESTS + 7; index += 1) await audit.write(record(`${index}`));
    disk.failure = undefined;
    await clock.advanceAsync(5000, 1000);
    assert.equal(figures().lost_total, 7);
    assert.deepEqual(codes(), ['request_audit_incomplete']);
    const all = await paths();
    assert.equal(all.length, MAX_WAITING_REQUESTS + 1);
    assert.equal(all.at(-1), '7 requests are missing: the log could not be written for too long');
    await audit.stop();
    assert.equal((await paths()).length, all.length, 'it is said once');
  });

  it('keeps records of others while one client makes as many requests as it can', async () => {
    const { audit, clock, disk, paths } = audited();
    disk.failure = FULL;
    for (let index = 0; index < MAX_WAITING_REQUESTS; index += 1) await audit.write(record(`${index}`), 'user:greedy');
    await audit.write(record('other'), 'user:other');
    const quotas = audit.health().blocks['x-medkit-quotas'] as Readonly<Record<string, QuotaFigures>>;
    const { held, largest, refused } = quotas['unwritten_requests']!;
    assert.deepEqual([held, largest, refused], [501, 500, 500]);
    disk.failure = undefined;
    await clock.advanceAsync(5000, 1000);
    assert.ok((await paths()).includes('other'));
    await audit.stop();
  });

  it('waits for a disk that hangs for a bounded time, and may then record a request twice', async () => {
    const { audit, clock, disk, paths, codes } = audited();
    const { promise, resolve } = Promise.withResolvers<void>();
    disk.hangs = promise;
    const written = audit.write(record('a'));
    await clock.advanceAsync(5000, 1000);
    assert.equal(await written, false);
    assert.deepEqual(codes(), ['request_audit_failing']);
    resolve();
    await clock.advanceAsync(5000, 1000);
    assert.deepEqual([await paths(), codes()], [['a', 'a'], []]);
    await audit.stop();
  });

  it('rejects every change while it fails closed', async () => {
    const { audit, clock, disk, figures } = audited({ failClosed: true });
    audit.admit();
    disk.failure = FULL;
    assert.equal(await audit.write(record('a')), false);
    assert.throws(() => audit.admit(), {
      code: 'service-unavailable',
      message: 'The audit log cannot be written: /audit.db is full. Changes are refused until it can be written',
    });
    assert.equal(figures().turned_away_total, 1);
    disk.failure = undefined;
    await clock.advanceAsync(5000, 1000);
    audit.admit();
    await audit.stop();
  });

  it('writes the queue when it ends, and reports what it could not write', async () => {
    for (const failure of [undefined, FULL]) {
      const { audit, disk, logged, paths } = audited();
      disk.failure = FULL;
      await audit.write(record('a'));
      disk.failure = failure;
      await audit.stop();
      assert.deepEqual(await paths(), failure ? [] : ['a']);
      const loss = 'error: The audit log cannot be written: /audit.db is full: 1 records of requests are lost';
      assert.equal(logged.includes(loss), failure !== undefined);
    }
  });
});
