import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import {
  correlation,
  DEFAULT_FAULT_CONFIGURATION,
  entityThresholds,
  FAULT_TABLES,
  faultStorage,
  globalBand,
  startFaultManager,
} from '@medkit/faults';
import { openStore, StoreCorrupt, StoreTooNew, StoreUnavailable, takeOwnerLock } from '@medkit/store';
import { readRecord } from './read-record.ts';

const root = mkdtempSync(join(tmpdir(), 'record-'));
after(() => rmSync(root, { recursive: true, force: true }));
const newFolder = (): string => mkdtempSync(join(root, 'data-'));
const read = (dataFolder: string) => readRecord({ dataFolder, faultDatabase: join(dataFolder, 'faults.db') });

async function openManager(folder: string) {
  const store = await openStore({
    path: join(folder, 'faults.db'),
    migrations: FAULT_TABLES,
    clock: systemClock,
    warn: assert.fail,
  });
  const configuration = DEFAULT_FAULT_CONFIGURATION;
  const manager = await startFaultManager({
    clock: systemClock,
    configuration,
    thresholds: entityThresholds(globalBand(configuration)),
    correlation: correlation([]),
    storage: faultStorage(store, 200),
    notice: () => undefined,
  });
  const report = (code: string) =>
    manager.report({ code, event: 'FAILED', severity: 2, description: '', source: '/node' });
  return {
    report,
    close: async () => {
      await manager.stop();
      await store.close();
    },
  };
}

/** A folder of a gateway that ran and stopped. */
async function stoppedFolder(): Promise<string> {
  const folder = newFolder();
  const manager = await openManager(folder);
  await manager.report('A');
  await manager.close();
  return folder;
}

const contents = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]);

/** Changes the database of a stopped gateway with SQL. */
function change(folder: string, sql: string): void {
  const database = new DatabaseSync(join(folder, 'faults.db'));
  database.exec(sql);
  database.close();
}

describe('reading the record of a data folder', () => {
  it('reads a running gateway, which continues to write meanwhile', async () => {
    const folder = newFolder();
    const lock = takeOwnerLock(join(folder, 'gateway.lock'), { pid: process.pid, host: 'here', since: '' });
    const manager = await openManager(folder);
    await manager.report('A');
    const [record] = await Promise.all([read(folder), manager.report('B'), manager.report('C')]);
    assert.equal(record.events.filter(({ event }) => event.code === 'A').length, 1);
    await manager.report('D');
    assert.ok((await read(folder)).events.some(({ event }) => event.code === 'D'));
    await manager.close();
    lock.release();
  });

  it('reads what a gateway wrote before it was killed, and changes no file', async () => {
    const [running, killed] = [newFolder(), newFolder()];
    const manager = await openManager(running);
    await manager.report('A');
    cpSync(running, killed, { recursive: true });
    await manager.close();
    const before = contents(killed);
    assert.ok(before.some(([name]) => name === 'faults.db-wal'));
    assert.deepEqual(
      (await read(killed)).events.map(({ event }) => event.code),
      ['', 'A'],
    );
    assert.deepEqual(contents(killed), before);
  });

  it('reads a folder that this user cannot write', async () => {
    const folder = await stoppedFolder();
    chmodSync(folder, 0o500);
    try {
      const before = contents(folder);
      assert.equal((await read(folder)).events.length, 2);
      assert.deepEqual(contents(folder), before);
    } finally {
      chmodSync(folder, 0o700);
    }
  });

  it('says that there is nothing to read', async () => {
    await assert.rejects(read(newFolder()), { name: StoreUnavailable.name, message: /there is no file .*faults\.db/ });
    await assert.rejects(read('/does/not/exist'), StoreUnavailable);
  });

  it('refuses a damaged file and a file of another program', async () => {
    const message = /faults\.db is damaged, or is not a database of medkit/;
    const foreign = newFolder();
    writeFileSync(join(foreign, 'faults.db'), 'not a database at all, but long enough to be looked at'.repeat(50));
    await assert.rejects(read(foreign), { name: StoreCorrupt.name, message });
    const other = newFolder();
    change(other, 'CREATE TABLE songs (title TEXT)');
    await assert.rejects(read(other), { name: StoreCorrupt.name, message });
    const damaged = await stoppedFolder();
    const octets = readFileSync(join(damaged, 'faults.db'));
    writeFileSync(join(damaged, 'faults.db'), octets.fill(0xff, 4096));
    await assert.rejects(read(damaged), { name: StoreCorrupt.name, message });
  });

  it('names the version of a newer medkit, and a record that is missing', async () => {
    const newer = await stoppedFolder();
    change(newer, "INSERT INTO schema_migrations VALUES ('reports', 2, 0)");
    const message = /written by a newer medkit \(reports: version 2, supported 1\): use that version to read it/;
    await assert.rejects(read(newer), { name: StoreTooNew.name, message });
    const older = await stoppedFolder();
    change(older, 'DROP TABLE report_runs');
    await assert.rejects(read(older), { name: StoreUnavailable.name, message: /has no record of reports/ });
  });

  it('counts damaged rows and uses the others', async () => {
    const folder = await stoppedFolder();
    change(folder, "INSERT INTO report_runs VALUES (9, 1, 'B', 'what', '', NULL, NULL, NULL, 0, x'', 0, 0, NULL)");
    const { events, damaged } = await read(folder);
    assert.deepEqual([events.length, damaged], [2, 1]);
  });

  it('is empty for a gateway without reports', async () => {
    const folder = newFolder();
    await (await openManager(folder)).close();
    const { events, incidents } = await read(folder);
    assert.deepEqual([events.length, incidents.occurrences.length], [0, 0]);
  });
});
