import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { verifyAuditFile } from '@medkit/store';
import { temporaryFolder } from '../../packages/resources/faults/src/testing/temporary-folder.ts';
import { openRobot } from './robot.ts';

const ENABLED = { 'audit_log.enabled': true };
const REPORT = { event: 'FAILED', severity: 2, description: '', source: '/motor' } as const;

describe('a robot whose faults are moved to another path', () => {
  it('has its earlier data there, with its audit log, and continues', async () => {
    using folder = temporaryFolder();
    const data = join(folder.path, 'data');
    const other = join(folder.path, 'var', 'lib');
    {
      await using robot = await openRobot(data, { parameters: ENABLED });
      await robot.manager.report({ ...REPORT, code: 'OLD' });
    }
    const parameters = { ...ENABLED, database_path: join(other, 'f.db') };
    const lines: string[] = [];
    for (const code of ['NEW', 'NEWER']) {
      await using robot = await openRobot(data, { parameters, log: (line) => lines.push(line) });
      await robot.manager.report({ ...REPORT, code });
      assert.equal(robot.manager.get('OLD')?.status, 'CONFIRMED');
    }
    assert.deepEqual(lines.filter((line) => line.includes('was moved to')).length, 2, lines.join('\n'));
    const { intact, checked } = verifyAuditFile(join(other, 'fault_audit.db'));
    assert.deepEqual([intact, checked], [true, 3 * 2 + 3 * 2]);
    const databases = readdirSync(data).filter((name) => name.endsWith('.db') || name.endsWith('.moved'));
    assert.deepEqual(databases.sort(), ['fault_audit.db.moved', 'faults.db.moved']);
  });

  it('leaves an existing file unchanged, and starts without a file that is unreadable', async () => {
    using folder = temporaryFolder();
    const data = join(folder.path, 'data');
    const parameters = { database_path: join(folder.path, 'f.db') };
    {
      await using robot = await openRobot(data, { parameters });
      await robot.manager.report({ ...REPORT, code: 'THERE' });
    }
    {
      await using robot = await openRobot(data);
      await robot.manager.report({ ...REPORT, code: 'HERE' });
    }
    {
      await using robot = await openRobot(data, { parameters });
      assert.deepEqual([robot.manager.get('THERE')?.status, robot.manager.get('HERE')], ['CONFIRMED', undefined]);
    }
    writeFileSync(join(data, 'faults.db'), 'SQLite format 3\0 and then rubbish');
    const lines: string[] = [];
    await using robot = await openRobot(data, {
      parameters: { database_path: join(folder.path, 'g.db') },
      log: (line) => lines.push(line),
    });
    await robot.manager.report({ ...REPORT, code: 'ANEW' });
    assert.match(lines.join('\n'), /error: .*\/data\/faults\.db to .*\/g\.db, which starts without its data/);
    assert.ok(existsSync(join(data, 'faults.db')));
  });

  it('shares them with no other gateway', async () => {
    using folder = temporaryFolder();
    const parameters = { database_path: join(folder.path, 'f.db') };
    await using _robot = await openRobot(join(folder.path, 'one'), { parameters });
    await assert.rejects(openRobot(join(folder.path, 'two'), { parameters }), /f\.db\.lock is held by process/);
  });
});
