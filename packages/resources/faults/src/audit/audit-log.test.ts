import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { memoryStore, type Store, StoreFull, StoreUnavailable } from '@medkit/store';
import { SEVERITY } from '../fault/severity.ts';
import { enqueueRecord, MAX_WAITING_RECORDS } from '../storage/audit-outbox.ts';
import { faultStore, type RobotFaults, robotFaults } from '../testing/robot-faults.ts';
import { AUDIT_RECEIPT, AuditLog } from './audit-log.ts';
import { auditedStorage } from './audited-storage.ts';

/** A robot whose audit log is a separate store, which fails while `failure` is set. */
class AuditedRobot {
  readonly clock = new SimulatedClock();
  readonly notices: string[] = [];
  faults = faultStore(this.clock);
  records = this.#newLog();
  failure: Error | undefined;
  /** Whether a failing write fails before it changes anything or after it is done. */
  failsAfterwards = false;
  log!: AuditLog;
  robot!: RobotFaults;

  async start({ failClosed = false } = {}): Promise<this> {
    const { clock, faults } = this;
    const notice = ({ text }: { readonly text: string }) => this.notices.push(text);
    this.log = new AuditLog({ faults, open: async () => this.#troubled(), clock, notice });
    await this.log.start();
    this.robot = await robotFaults({
      configuration: { 'audit_log.enabled': true },
      store: faults,
      clock,
      through: (storage) => auditedStorage(storage, this.log, failClosed),
      ...(failClosed && { audited: () => this.log.deliver() }),
    });
    return this;
  }

  newLog(): void {
    this.records = this.#newLog();
  }

  async trail(): Promise<readonly string[]> {
    const rows = await this.records.read('SELECT transition, fault_code FROM audit_log ORDER BY seq');
    return rows.map(({ transition, fault_code }) => `${transition} ${fault_code}`);
  }

  #newLog(): Store {
    return memoryStore({ clock: this.clock, migrations: AUDIT_RECEIPT, audit: { maxRecords: 0 } });
  }

  #troubled(): Store {
    const { records } = this;
    return {
      ...records,
      // The same records are opened again after a restart.
      close: async () => undefined,
      write: async (...write) => {
        if (this.failure && !this.failsAfterwards) throw this.failure;
        const result = await records.write(...write);
        if (this.failure) throw this.failure;
        return result;
      },
    };
  }
}

const FULL = new StoreFull('/audit.db is full');
const BEGUN = 'logging_activated __audit__';
const ENDED = 'logging_deactivated __audit__';
const both = (code: string) => [`occurred ${code}`, `confirmed ${code}`];

describe('the audit log of faults', () => {
  it('A23: contains all changes between its start and its stop, in one valid chain', async () => {
    const audited = await new AuditedRobot().start();
    await audited.robot.fail({ severity: SEVERITY.CRITICAL });
    await audited.robot.manager.clear('F1', { cascade: false });
    await audited.log.stop();
    assert.deepEqual(await audited.trail(), [BEGUN, ...both('F1'), 'cleared F1', ENDED]);
    assert.deepEqual(await audited.records.verifyAudit(), { intact: true, checked: 5 });
    assert.deepEqual(await audited.faults.read('SELECT * FROM audit_outbox'), [], 'nothing waits');
  });

  it('A23: fails open: reports are accepted, and their records follow when it can be written again', async () => {
    const audited = await new AuditedRobot().start();
    audited.failure = FULL;
    for (const code of ['F1', 'F2']) assert.equal((await audited.robot.fail({ code })).accepted, true);
    await assert.rejects(audited.log.deliver(), StoreFull);
    const { failing, failures } = audited.log.facts();
    assert.equal(failing, '/audit.db is full');
    assert.ok(failures >= 1);
    assert.deepEqual(audited.notices, ['the audit log cannot be written: /audit.db is full'], 'it is said once');
    audited.failure = undefined;
    await audited.clock.advanceAsync(5000, 1000);
    assert.deepEqual(await audited.trail(), [BEGUN, ...both('F1'), ...both('F2')]);
    assert.equal(audited.log.facts().failing, undefined);
  });

  it('A23: fails closed: a report whose record cannot be written is rejected, and later ones change nothing', async () => {
    const audited = await new AuditedRobot().start({ failClosed: true });
    audited.failure = FULL;
    await assert.rejects(audited.robot.fail({ code: 'F1' }), StoreFull);
    assert.equal(audited.robot.manager.get('F1')?.status, 'CONFIRMED', 'what is on disk is not undone');
    await assert.rejects(audited.robot.fail({ code: 'F2' }), {
      name: StoreUnavailable.name,
      message: /^\/audit\.db is full\. Changes of faults are refused without the audit log/,
    });
    assert.equal(audited.robot.manager.get('F2'), undefined);
    await audited.robot.fail({ code: 'F1' });
    audited.failure = undefined;
    await audited.clock.advanceAsync(5000, 1000);
    await audited.robot.fail({ code: 'F2' });
    assert.deepEqual(await audited.trail(), [BEGUN, ...both('F1'), ...both('F2')], 'they are there when it is told');
  });

  it('is reopened after a failed attempt', async () => {
    const clock = new SimulatedClock();
    const faults = faultStore(clock);
    const records = memoryStore({ clock, migrations: AUDIT_RECEIPT, audit: { maxRecords: 0 } });
    let attempts = 0;
    const open = async () => {
      attempts += 1;
      if (attempts === 1) throw new StoreUnavailable('/audit.db cannot be read');
      return records;
    };
    const log = new AuditLog({ faults, open, clock, notice: () => undefined });
    await log.start();
    assert.equal(log.facts().failing, '/audit.db cannot be read');
    await faults.write(enqueueRecord(auditRecord('F1')));
    await clock.advanceAsync(5000, 1000);
    assert.deepEqual(await records.read('SELECT fault_code FROM audit_log'), [{ fault_code: 'F1' }]);
    await log.stop();
    assert.equal(clock.timers, 0);
  });

  for (const failsAfterwards of [false, true]) {
    const when = failsAfterwards ? 'after' : 'before';
    it(`writes each record once if the write failed ${when} the log had it`, async () => {
      const audited = await new AuditedRobot().start();
      audited.failure = new StoreUnavailable('the thread that writes ended');
      audited.failsAfterwards = failsAfterwards;
      await audited.robot.fail({ code: 'F1' });
      await audited.log.deliver().catch(() => undefined);
      assert.equal((await audited.trail()).length, failsAfterwards ? 3 : 1);
      audited.failure = undefined;
      await audited.start();
      await audited.robot.fail({ code: 'F2' });
      await audited.log.deliver();
      assert.deepEqual(await audited.trail(), [BEGUN, ...both('F1'), BEGUN, ...both('F2')]);
    });
  }

  it('writes the records of a new fault database, and continues with old faults if the log itself is new', async () => {
    const audited = await new AuditedRobot().start();
    for (const code of ['F1', 'F2', 'F3']) await audited.robot.fail({ code });
    await audited.log.stop();
    audited.faults = faultStore(audited.clock);
    await audited.start();
    // The robot stops before the log has these records.
    audited.failure = FULL;
    await audited.robot.fail({ code: 'G1' });
    audited.failure = undefined;
    await audited.start();
    assert.deepEqual((await audited.trail()).slice(8), [BEGUN, ...both('G1'), BEGUN]);
    audited.newLog();
    await audited.start();
    await audited.robot.fail({ code: 'G2' });
    await audited.log.deliver();
    assert.deepEqual(await audited.trail(), [BEGUN, ...both('G2')]);
    assert.equal(audited.log.facts().lost, 0);
  });

  it('counts the records dropped while it could not be written', async () => {
    const audited = await new AuditedRobot().start();
    await audited.robot.fail({ code: 'F1' });
    await audited.log.deliver();
    await audited.faults.write(
      Array.from({ length: MAX_WAITING_RECORDS + 7 }, (_, index) => enqueueRecord(auditRecord(`W${index}`))).flat(),
    );
    await audited.log.deliver();
    assert.equal(audited.log.facts().lost, 7);
    assert.match(audited.notices[0] ?? '', /^7 changes of faults are missing in the audit log/);
    const { checked, intact } = await audited.records.verifyAudit();
    assert.deepEqual([checked, intact], [3 + MAX_WAITING_RECORDS, true]);
  });
});

function auditRecord(faultCode: string) {
  return {
    occurredAtNs: 1n,
    faultCode,
    transition: 'occurred',
    severity: 2,
    status: 'CONFIRMED',
    sourceId: '/source',
    description: '',
  };
}
