import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { verifyAuditFile } from '../audit-file.ts';
import { openForWriting } from '../engine/open-database.ts';
import { Writer } from '../engine/writer.ts';
import { StoreCorrupt, StoreUnavailable } from '../errors.ts';
import { PreparedStatements } from '../sql/prepared-statements.ts';
import { runScript } from '../sql/script.ts';
import { auditRecord } from '../testing/sample-data.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { canonicalText, GENESIS, recordHash, wellFormed } from './chain.ts';
import { verifyAudit } from './verify-audit.ts';

const clock = new SimulatedClock();

/** An audit log in memory with `count` records. */
function auditLog(count: number, maxRecords = 0): { database: DatabaseSync; writer: Writer } {
  const options = { path: ':memory:', audit: { maxRecords } };
  const { database } = openForWriting(options, clock);
  const writer = new Writer({ database, options, clock });
  for (let index = 0; index < count; index += 1) append(writer, index);
  return { database, writer };
}

function append(writer: Writer, index: number): void {
  const record = auditRecord({ occurredAtNs: BigInt(index), faultCode: `F${index}` });
  assert.ok(writer.commit([{ statements: [], records: { audit: [record] } }])[0].result);
}

/** Changes the log as an attacker can who has access to the file and drops its triggers. */
function tamper(database: DatabaseSync, sql: string): void {
  const triggers = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all();
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.exec(sql);
}

const verdict = (database: DatabaseSync) => runScript(new PreparedStatements(database), verifyAudit({ hasGaps: true }));

describe('the chain of audit records', () => {
  it('A01: has the hashes of ros2_medkit', () => {
    const expected = [
      ['occurred', '9f6fad9c711c29ab4042559f47474e2e0dee1ed9856ad7a2f3d95da3be055830'],
      ['confirmed', '08db94e2eda0bdf9f2de1d6dff1e791ef848d82f8a592576c405177690a6fdf7'],
      ['cleared', 'fe88f6cccae2d0a2c61d5cff2b6a4a613dc6be0a23ed11784b492aaae37d6c13'],
    ];
    let previous = GENESIS;
    expected.forEach(([transition, hash], index) => {
      const record = auditRecord({
        occurredAtNs: BigInt(100 * (index + 1)),
        faultCode: 'F1',
        transition,
        sourceId: '/robot/source',
        description: 'pump pressure low',
      });
      previous = recordHash(previous, index + 1, record);
      assert.equal(previous, hash);
    });
  });

  it('A12, A18: writes a record in one canonical form, which depends on its number', () => {
    const record = auditRecord({ occurredAtNs: 9n, description: 'ä "quoted" \n' });
    assert.equal(
      canonicalText(3, record),
      '{"seq":3,"ts":9,"code":"PUMP_PRESSURE_LOW","transition":"confirmed","severity":2,"status":"CONFIRMED",' +
        '"source":"/pump/monitor","description":"ä \\"quoted\\" \\n"}',
    );
    assert.notEqual(canonicalText(4, record), canonicalText(3, record));
    assert.equal(wellFormed(auditRecord({ description: 'half \ud800' })).description, 'half \ufffd');
  });

  it('A01, A03: is the hash of the previous hash and the text', () => {
    const record = auditRecord();
    const hash = createHash('sha256')
      .update(GENESIS + canonicalText(1, record))
      .digest('hex');
    assert.equal(recordHash(GENESIS, 1, record), hash);
  });
});

describe('a walk through the audit log', () => {
  const cases: readonly (readonly [what: string, sql: string, badSeq: number, problem: RegExp])[] = [
    ['an edited record', "UPDATE audit_log SET description = 'all is well' WHERE seq = 2", 2, /tampered/],
    ['an edited time', 'UPDATE audit_log SET occurred_at_ns = occurred_at_ns + 1 WHERE seq = 3', 3, /tampered/],
    ['a deleted record in the middle', 'DELETE FROM audit_log WHERE seq = 2', 3, /missing/],
    ['a deleted newest record', 'DELETE FROM audit_log WHERE seq = 4', 3, /head is not the newest/],
    [
      'a deleted newest record and head',
      'DELETE FROM audit_log WHERE seq = 4; DELETE FROM audit_chain_head',
      3,
      /head of the chain is missing/,
    ],
    ['a deleted oldest record', 'DELETE FROM audit_log WHERE seq = 1', 2, /no seal/],
    ['that all records are deleted', 'DELETE FROM audit_log', 4, /neither stored nor sealed/],
    ['another first hash', `UPDATE audit_log SET prev_hash = '${'1'.repeat(64)}' WHERE seq = 1`, 1, /beginning/],
    [
      'two exchanged records',
      'UPDATE audit_log SET seq = 9 WHERE seq = 2; UPDATE audit_log SET seq = 2 WHERE seq = 3; UPDATE audit_log SET seq = 3 WHERE seq = 9',
      2,
      /does not link/,
    ],
    [
      'a head with another hash',
      `UPDATE audit_chain_head SET record_hash = '${'1'.repeat(64)}'`,
      4,
      /head is not the newest/,
    ],
  ];
  for (const [what, sql, badSeq, problem] of cases) {
    it(`A02, A04, A05, A06, A07: finds ${what}`, () => {
      const { database } = auditLog(4);
      assert.deepEqual(verdict(database), { intact: true, checked: 4 });
      tamper(database, sql);
      const found = verdict(database);
      assert.equal(found.intact, false);
      assert.equal(found.badSeq, badSeq);
      assert.match(found.problem ?? '', problem);
    });
  }

  it('A10, A11: finds damage in the rest of a pruned log, and the loss of its seal', () => {
    for (const [sql, badSeq, problem] of [
      ["UPDATE audit_log SET status = 'CLEARED' WHERE seq = 10", 10, /tampered/],
      ['DELETE FROM audit_anchors', 8, /no seal/],
      [`UPDATE audit_anchors SET last_hash = '${'1'.repeat(64)}'`, 8, /does not link to its seal/],
    ] as const) {
      const { database } = auditLog(12, 5);
      assert.deepEqual(verdict(database), { intact: true, checked: 5 });
      tamper(database, sql);
      const found = verdict(database);
      assert.equal(found.badSeq, badSeq);
      assert.match(found.problem ?? '', problem);
    }
  });

  it('finds no problem in an empty log', () => {
    assert.deepEqual(verdict(auditLog(0).database), { intact: true, checked: 0 });
  });
});

describe('the audit log', () => {
  it('A20: keeps one seal however often it is pruned', () => {
    const { database } = auditLog(100, 1);
    const seals = database.prepare('SELECT last_seq FROM audit_anchors').all();
    assert.deepEqual(
      seals.map(({ last_seq }) => last_seq),
      [99],
    );
    assert.deepEqual(verdict(database), { intact: true, checked: 1 });
  });

  it('A21: appends even if pruning fails, and counts the failures', () => {
    const { database, writer } = auditLog(2, 2);
    database.exec("CREATE TRIGGER block BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'blocked'); END");
    append(writer, 2);
    assert.equal(writer.usage().failedAuditPrunes, 1);
    assert.deepEqual(verdict(database), { intact: true, checked: 3 });
    database.exec('DROP TRIGGER block');
    append(writer, 3);
    assert.deepEqual(verdict(database), { intact: true, checked: 2 });
  });

  it('A14, A17, A22: rejects changes from any other connection, also those to its guard', () => {
    using folder = temporaryFolder();
    const options = { path: join(folder.path, 'audit.db'), audit: { maxRecords: 2 } };
    const { database } = openForWriting(options, clock);
    const writer = new Writer({ database, options, clock });
    for (let index = 0; index < 4; index += 1) append(writer, index);
    const other = new DatabaseSync(options.path);
    for (const sql of [
      "UPDATE audit_log SET status = 'CLEARED'",
      'DELETE FROM audit_log',
      'UPDATE audit_prune_guard SET enabled = 1',
      'INSERT OR REPLACE INTO audit_prune_guard VALUES (1, 1)',
      'DELETE FROM audit_prune_guard',
      "INSERT INTO audit_anchors VALUES (1, 0, 'forged')",
      "UPDATE audit_anchors SET last_hash = 'forged'",
      'DELETE FROM audit_anchors',
    ]) {
      assert.throws(() => other.exec(sql), /append-only|no such function/, sql);
    }
    other.close();
    assert.deepEqual(verdict(database), { intact: true, checked: 2 });
    database.close();
  });

  it('A08: continues its chain after it is reopened', () => {
    using folder = temporaryFolder();
    const options = { path: join(folder.path, 'audit.db'), audit: { maxRecords: 0 } };
    for (let run = 0; run < 3; run += 1) {
      const { database } = openForWriting(options, clock);
      append(new Writer({ database, options, clock }), run);
      assert.deepEqual(verdict(database), { intact: true, checked: run + 1 });
      database.close();
    }
  });

  it('restores its triggers when it is opened', () => {
    using folder = temporaryFolder();
    const options = { path: join(folder.path, 'audit.db'), audit: { maxRecords: 0 } };
    openForWriting(options, clock).database.close();
    const other = new DatabaseSync(options.path);
    other.exec('DROP TRIGGER audit_log_no_delete');
    other.close();
    const { database } = openForWriting(options, clock);
    append(new Writer({ database, options, clock }), 0);
    assert.throws(() => database.exec('DELETE FROM audit_log'), /append-only/);
    database.close();
  });
});

describe('an audit log in a file', () => {
  it('A02, A13: is verified without being opened for writing, also while it is written to', () => {
    using folder = temporaryFolder();
    const options = { path: join(folder.path, 'audit.db'), audit: { maxRecords: 0 } };
    for (const last of [3, 5]) {
      const { database } = openForWriting(options, clock);
      const writer = new Writer({ database, options, clock });
      for (let seq = last === 3 ? 1 : 4; seq <= last; seq += 1) append(writer, seq);
      assert.deepEqual(verifyAuditFile(options.path), { intact: true, checked: last });
      database.close();
      assert.deepEqual(verifyAuditFile(options.path), { intact: true, checked: last });
    }
  });

  it('is reported as missing if there is no file, no database, or another database', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'audit.db');
    const refused = ({ name }: typeof StoreCorrupt | typeof StoreUnavailable, message: RegExp) =>
      assert.throws(() => verifyAuditFile(path), { name, message });
    refused(StoreUnavailable, /there is no file .*audit\.db/);
    writeFileSync(path, 'a shopping list, longer than sixteen octets');
    refused(StoreCorrupt, /audit\.db is damaged or not a database/);
    rmSync(path);
    using other = new DatabaseSync(path);
    other.exec('CREATE TABLE other (id)');
    refused(StoreCorrupt, /audit\.db contains no audit log/);
  });
});
