import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { OpenFaultManager } from '@medkit/faults';
import { SEVERITY } from '@medkit/faults';
import { verifyAuditFile } from '@medkit/store';
import { temporaryFolder } from '../../packages/resources/faults/src/testing/temporary-folder.ts';
import { startProgram } from '../harness/program.ts';
import { filesOf, openRobot } from './robot.ts';

const AUDIT_BROKEN = 6;
const FAILED = 1;

const ENABLED = { 'audit_log.enabled': true, 'snapshots.enabled': false } as const;

async function failAndClear({ manager }: OpenFaultManager): Promise<void> {
  await manager.report({
    code: 'F1',
    event: 'FAILED',
    severity: SEVERITY.CRITICAL,
    description: '',
    source: '/source',
  });
  await manager.clear('F1', { cascade: false });
}

/** Creates the data of a robot whose fault was raised and cleared, and that has exited. */
async function audited(folder: string, parameters: object = ENABLED): Promise<void> {
  await using robot = await openRobot(folder, { parameters });
  await failAndClear(robot);
}

/** Returns exit code and output of `medkit audit verify`. */
async function verified(...args: readonly string[]): Promise<readonly [code: unknown, output: string]> {
  const program = startProgram(['audit', 'verify', ...args]);
  return [await program.ended, program.output()];
}

describe('the audit log of a robot', () => {
  it('A23: is next to its faults, or at the configured path, and not written if it is off', async () => {
    using folder = temporaryFolder();
    const customPath = join(folder.path, 'deep', 'audit.db');
    for (const [parameters, path] of [
      [ENABLED, filesOf(folder.path).audit],
      [{ ...ENABLED, 'audit_log.database_path': customPath }, customPath],
    ] as const) {
      await audited(folder.path, parameters);
      using log = new DatabaseSync(path, { readOnly: true });
      const records = log.prepare('SELECT transition FROM audit_log ORDER BY seq').all();
      assert.deepEqual(
        records.map(({ transition }) => transition),
        ['logging_activated', 'occurred', 'confirmed', 'cleared', 'logging_deactivated'],
      );
    }
    using other = temporaryFolder();
    await audited(other.path, {});
    assert.ok(!readdirSync(other.path).some((name) => name.includes('audit')));
  });

  it('continues the chain that ros2_medkit left', async () => {
    using folder = temporaryFolder();
    const { audit } = filesOf(folder.path);
    await audited(folder.path);
    // Without medkit's additional tables, the file is as ros2_medkit leaves it.
    using old = new DatabaseSync(audit);
    old.exec('DROP TABLE audit_receipt; DROP TABLE schema_migrations; DROP TABLE events');
    old.close();
    await audited(folder.path);
    assert.deepEqual(verifyAuditFile(audit), { intact: true, checked: 10 });
  });

  it('is verified by a command, whose exit code reports the result', async () => {
    using folder = temporaryFolder();
    const { audit } = filesOf(folder.path);
    assert.deepEqual(await verified('--data-dir', folder.path), [FAILED, `medkit: there is no file ${audit}\n`]);
    await audited(folder.path);
    for (const args of [['--data-dir', folder.path], [audit]]) {
      assert.deepEqual(await verified(...args), [0, `${audit}: 5 records, all intact\n`]);
    }
    using thief = new DatabaseSync(audit);
    thief.exec("DROP TRIGGER audit_log_no_update; UPDATE audit_log SET source_id = '/somebody' WHERE seq = 3");
    thief.close();
    const [code, output] = await verified(audit);
    assert.equal(code, AUDIT_BROKEN);
    assert.match(
      output,
      /NOT INTACT\nrecord 3: its content does not match its hash \(tampered with\)\n2 records before/,
    );
  });
});
