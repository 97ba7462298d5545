import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { verifyAuditFile } from '../audit-file.ts';
import { openForWriting } from '../engine/open-database.ts';
import { Writer } from '../engine/writer.ts';
import type { AuditLimits } from '../engine-options.ts';
import { PreparedStatements } from '../sql/prepared-statements.ts';
import { runScript } from '../sql/script.ts';
import { auditRecord } from '../testing/sample-data.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { RETENTION_SLACK } from './audit-retention.ts';
import { recordHash } from './chain.ts';
import { verifyAudit } from './verify-audit.ts';

const clock = new SimulatedClock();

function auditLog(audit: AuditLimits, path = ':memory:') {
  const options = { path, audit };
  const { database } = openForWriting(options, clock);
  return { database, writer: new Writer({ database, options, clock }) };
}

function append(writer: Writer, ...transitions: readonly string[]): void {
  const audit = transitions.map((transition) => auditRecord({ transition }));
  assert.ok(writer.commit([{ statements: [], records: { audit } }])[0].result);
}

const requests = (count: number): readonly string[] => Array.from({ length: count }, () => 'request');
const verdict = (database: DatabaseSync) => runScript(new PreparedStatements(database), verifyAudit({ hasGaps: true }));
const count = (database: DatabaseSync, where: string) =>
  Number(database.prepare(`SELECT count(*) AS n FROM audit_log WHERE ${where}`).get()?.n);
const gaps = (database: DatabaseSync) =>
  database
    .prepare('SELECT first_seq, last_seq FROM audit_gaps ORDER BY first_seq')
    .all()
    .map(({ first_seq, last_seq }) => [first_seq, last_seq]);
const anchors = (database: DatabaseSync) =>
  database
    .prepare('SELECT last_seq FROM audit_anchors')
    .all()
    .map(({ last_seq }) => last_seq);

describe('records with a separate limit', () => {
  it('are counted by an empty write, so that the first request does not wait for it', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'audit.db');
    const before = auditLog({ maxRecords: 0 }, path);
    append(before.writer, 'occurred', ...requests(RETENTION_SLACK + 5));
    before.database.close();
    const { database, writer } = auditLog({ maxRecords: 0, maxOf: { request: 3 } }, path);
    writer.commit([{ statements: [], records: {} }]);
    assert.equal(count(database, "transition = 'request'"), 3, 'what was too many is gone');
    assert.deepEqual(verdict(database), { intact: true, checked: 4 });
    database.close();
  });

  it('are pruned separately, and the remaining chain is valid', () => {
    const { database, writer } = auditLog({ maxRecords: 0, maxOf: { request: 2 } });
    append(writer, 'occurred', ...requests(RETENTION_SLACK), 'confirmed', ...requests(2));
    assert.deepEqual(gaps(database), [], 'they may be some more');
    append(writer, 'request');
    assert.deepEqual(gaps(database), [
      [2, RETENTION_SLACK + 1],
      [RETENTION_SLACK + 3, RETENTION_SLACK + 3],
    ]);
    assert.deepEqual(anchors(database), [], 'the oldest record is still there');
    assert.deepEqual(verdict(database), { intact: true, checked: 4 });
    assert.deepEqual([count(database, "transition = 'request'"), count(database, "transition <> 'request'")], [2, 2]);
  });

  it('and the other records are pruned independently, and adjacent gaps are merged', () => {
    const { database, writer } = auditLog({ maxRecords: 2, maxOf: { request: 3 } });
    append(writer, 'request', 'occurred', 'request', 'confirmed', 'request', 'cleared');
    assert.deepEqual([gaps(database), anchors(database)], [[[2, 2]], []]);
    append(writer, ...requests(RETENTION_SLACK + 1));
    assert.deepEqual(
      [gaps(database), anchors(database)],
      [
        [
          [5, 5],
          [7, 6 + RETENTION_SLACK - 2],
        ],
        [3],
      ],
    );
    assert.deepEqual(verdict(database), { intact: true, checked: 5 });
  });

  it('remain a valid chain in any order of records, also after the log is reopened', () => {
    using folder = temporaryFolder();
    const random = seededRandom(7);
    const path = join(folder.path, 'audit.db');
    for (let life = 0; life < 6; life += 1) {
      const { database, writer } = auditLog({ maxRecords: 20, maxOf: { request: 30 } }, path);
      for (let write = 0; write < 60; write += 1) {
        const length = 1 + Math.floor(random.float() * 12);
        const share = random.float();
        append(writer, ...Array.from({ length }, () => (random.float() < share ? 'request' : 'occurred')));
      }
      const found = verdict(database);
      assert.equal(found.intact, true, found.problem);
      assert.equal(found.checked, count(database, '1'));
      assert.equal(count(database, "transition <> 'request'"), 20);
      assert.ok(count(database, "transition = 'request'") <= 30 + RETENTION_SLACK);
      assert.ok(gaps(database).length <= found.checked);
      assert.ok(anchors(database).length <= 1);
      assert.equal(writer.usage().failedAuditPrunes, 0);
      database.close();
      assert.deepEqual(verifyAuditFile(path), found);
    }
  });

  it('are pruned in bounded portions after the limit was lowered', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'audit.db');
    const before = auditLog({ maxRecords: 0 }, path);
    append(before.writer, ...requests(2500));
    before.database.close();
    const { database, writer } = auditLog({ maxRecords: 0, maxOf: { request: 10 } }, path);
    const left = [1, 2, 3].map(() => {
      append(writer, 'request');
      return count(database, '1');
    });
    assert.deepEqual(left, [1501, 502, 10]);
    assert.equal(verdict(database).intact, true);
    database.close();
  });
});

describe('records of several owners', () => {
  const of = (principal: string, times: number) =>
    Array.from({ length: times }, () =>
      auditRecord({ transition: 'request', sourceId: 'claimed', description: JSON.stringify({ principal }) }),
    );
  const commit = (writer: Writer, records: ReturnType<typeof of>) =>
    assert.ok(writer.commit([{ statements: [], records: { audit: records } }])[0].result);
  const heldBy = (database: DatabaseSync, principal: string) =>
    count(database, `json_extract(description, '$.principal') = '${principal}'`);
  const limits: AuditLimits = { maxRecords: 0, maxOf: { request: 100 }, ownerOf: { request: 'principal' } };

  it('lose the oldest of the owner that has the most, whatever client name it sends, also after a restart', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'audit.db');
    for (const expected of [20, 40]) {
      const { database, writer } = auditLog(limits, path);
      commit(writer, of('alice', 20));
      for (let batch = 0; batch < 40; batch++) commit(writer, of('mallory', 50));
      assert.equal(heldBy(database, 'alice'), expected);
      assert.ok(count(database, '1') <= 100 + RETENTION_SLACK);
      assert.equal(verdict(database).intact, true);
      database.close();
    }
  });

  it('share the limit if several owners exceed their part', () => {
    const { database, writer } = auditLog(limits);
    for (const owner of ['alice', 'bob', 'carol']) commit(writer, of(owner, 100));
    commit(writer, of('dave', 60));
    const held = ['alice', 'bob', 'carol', 'dave'].map((owner) => heldBy(database, owner));
    assert.equal(
      held.reduce((sum, each) => sum + each),
      100,
    );
    assert.ok(
      held.every((each) => each >= 10),
      held.join(),
    );
    assert.equal(verdict(database).intact, true);
  });
});

describe('a walk over gaps', () => {
  function withGap() {
    const { database, writer } = auditLog({ maxRecords: 0, maxOf: { request: 1 } });
    append(writer, 'occurred', 'confirmed', ...requests(RETENTION_SLACK + 2), 'cleared');
    assert.deepEqual(gaps(database), [[3, RETENTION_SLACK + 3]]);
    const triggers = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all();
    for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
    return database;
  }
  const stored = RETENTION_SLACK + 4;

  for (const [what, sql, badSeq, problem] of [
    ['a removed record outside the gap', 'DELETE FROM audit_log WHERE seq = 2', 3 + RETENTION_SLACK + 1, /missing/],
    ['a removed seal', 'DELETE FROM audit_gaps', stored, /missing/],
    ['a seal with another last hash', `UPDATE audit_gaps SET last_hash = '${'1'.repeat(64)}'`, stored, /chain broken/],
    [
      'a seal with another first hash',
      `UPDATE audit_gaps SET hash_before = '${'1'.repeat(64)}'`,
      2,
      /seal of the records after it/,
    ],
    ['a removed record at the end of the log', `DELETE FROM audit_log WHERE seq = ${stored}`, stored + 1, /missing/],
  ] as const) {
    it(`finds ${what}`, () => {
      const database = withGap();
      database.exec(sql);
      const found = verdict(database);
      assert.deepEqual([found.intact, found.badSeq], [false, badSeq]);
      assert.match(found.problem ?? '', problem);
    });
  }

  it('finds an earlier record that was edited together with its hash', () => {
    const database = withGap();
    const { prev_hash } = database.prepare('SELECT prev_hash FROM audit_log WHERE seq = 2').get() ?? {};
    const edited = auditRecord({ transition: 'confirmed', description: 'all is well' });
    database
      .prepare('UPDATE audit_log SET description = ?, record_hash = ? WHERE seq = 2')
      .run(edited.description, recordHash(String(prev_hash), 2, edited));
    assert.match(verdict(database).problem ?? '', /does not link to the seal/);
  });
});

it('a log from before gaps existed is verified and continued', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'audit.db');
  const before = auditLog({ maxRecords: 3 }, path);
  append(before.writer, 'occurred', 'confirmed', 'cleared', 'occurred', 'confirmed');
  before.database.close();
  using old = new DatabaseSync(path);
  old.exec("DROP TABLE audit_gaps; DELETE FROM schema_migrations WHERE owner = 'store.audit' AND version = 2");
  old.close();
  assert.deepEqual(verifyAuditFile(path), { intact: true, checked: 3 });
  const { database, writer } = auditLog({ maxRecords: 3, maxOf: { request: 5 } }, path);
  append(writer, 'request', 'cleared');
  assert.deepEqual(verdict(database), { intact: true, checked: 4 });
  database.close();
});

it('the seals of gaps cannot be changed by any other connection', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'audit.db');
  const { database } = auditLog({ maxRecords: 0 }, path);
  const other = new DatabaseSync(path);
  assert.throws(() => other.exec("INSERT INTO audit_gaps VALUES (2, 3, 0, 'a', 'b')"), /append-only/);
  other.close();
  database.close();
});
