import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { callContext, openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { systemClock, systemFiles } from '@medkit/edges/node';
import { openStore, type Statement, StoreTooNew } from '@medkit/store';
import { type LazyStore, lazyStore } from '../database/lazy-store.ts';
import { gatewayDatabase } from '../gateway-database.ts';
import { testConfig } from '../testing/test-gateway.ts';
import { FAULT_TRIGGER_TABLES, FORMER_FAULT_TRIGGER_TABLES } from './fault-trigger-tables.ts';
import { gatewayFaultTriggers } from './gateway-fault-triggers.ts';
import { migrateRules } from './migrate-rules.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'medkit-rules-'));
after(() => rmSync(ROOT, { recursive: true }));
let folders = 0;
const newFolder = () => join(ROOT, `${++folders}`);
const silent = () => undefined;
const FILE = 'fault_triggers.db';

/** Opens the file of rules as an earlier medkit does. */
const openFile = (path: string) =>
  openStore({ path, migrations: { fault_triggers: FAULT_TRIGGER_TABLES }, clock: systemClock, warn: assert.fail });

/** Returns why an earlier medkit refuses a file of rules; `undefined` if it accepts it. */
const refusalOf = (path: string): Promise<string | undefined> =>
  openFile(path).then(
    (store) => store.close().then(() => undefined),
    (error: unknown) => (error instanceof StoreTooNew ? error.message : assert.fail()),
  );

const databaseIn = (folder: string) =>
  gatewayDatabase({ path: join(folder, 'gateway.db'), files: systemFiles, clock: systemClock, log: assert.fail });

/** Creates an earlier data folder with two of three rules, the first of which is crossed. */
async function folderOfBefore(file = FILE): Promise<string> {
  const folder = newFolder();
  const store = await openFile(join(folder, file));
  const rule = (code: string, crossed: number): Statement => ({
    sql: `INSERT INTO fault_triggers
            (app_id, data_name, path, operator, threshold, fault_code, severity, active, crossed)
          VALUES ('plc', 'level', '/value', '>=', 0.1, ?, 'CRITICAL', 1, ?)`,
    parameters: [code, crossed],
  });
  await store.write([rule('HIGH', 1), rule('LOW', 0), rule('GONE', 0)]);
  await store.write([{ sql: "DELETE FROM fault_triggers WHERE fault_code = 'GONE'" }]);
  await store.close();
  return folder;
}

/** Runs a gateway in a folder; returns its rules and the newly created rule. */
async function lifeIn(folder: string, code: string, path = '') {
  const lines: string[] = [];
  const log = (_: string, line: string) => void lines.push(line);
  const { fault_triggers, ...rest } = await testConfig();
  const config = { ...rest, data_dir: folder, fault_triggers: { ...fault_triggers, storage: { path } } };
  const model = await openModel({ runtimes: [memoryRuntime({ apps: [app('plc')] })], clock: systemClock, log });
  const database = databaseIn(folder);
  const rules = gatewayFaultTriggers({ config, model, clock: systemClock, storage: systemFiles, database, log });
  try {
    const { items } = await rules.list('plc');
    const rule = { data_name: 'level', operator: '>', threshold: 8, fault_code: code, severity: 'ERROR' };
    const made = await rules.create('plc', rule, callContext({ clock: systemClock, timeoutMs: 5000 }));
    const rows = items.map(({ id, fault_code, threshold, path, ...item }) =>
      [id, fault_code, path, threshold, item['x-medkit']?.crossed].join(' '),
    );
    return { rows, made: made.id, lines };
  } finally {
    await rules.close();
    await database.close();
    await model.close();
  }
}

const OF_BEFORE = ['ftr_1 HIGH /value 0.1 true', 'ftr_2 LOW /value 0.1 false'];
const NEXT = 'ftr_4 A  8 false';

describe('migrating rules from a separate file', () => {
  it('moves them to the database of the gateway once, with their numbers and the last assigned number', async () => {
    const folder = await folderOfBefore();
    const first = await lifeIn(folder, 'A');
    assert.deepEqual([first.rows, first.made], [OF_BEFORE, 'ftr_4']);
    assert.match(first.lines.join(), /2 fault triggers of \S+fault_triggers\.db were moved to \S+gateway\.db/);
    const second = await lifeIn(folder, 'B', FILE);
    assert.deepEqual([second.rows, second.made, second.lines], [[...OF_BEFORE, NEXT], 'ftr_5', []]);
  });

  it('moves the last assigned number also if there are no rules', async () => {
    const folder = await folderOfBefore();
    const store = await openFile(join(folder, FILE));
    await store.write([{ sql: 'DELETE FROM fault_triggers' }]);
    await store.close();
    const { rows, made } = await lifeIn(folder, 'A');
    assert.deepEqual([rows, made], [[], 'ftr_4']);
  });

  it('makes an earlier medkit reject the separate file', async () => {
    const folder = await folderOfBefore();
    await lifeIn(folder, 'A');
    const refusal = await refusalOf(join(folder, FILE));
    assert.match(refusal ?? '', /fault_triggers\.db was written by a newer medkit \(fault_triggers: version 2/);
  });

  it('assigns new numbers if the numbers are taken, and drops rules whose fault codes are taken, with a message', async () => {
    const folder = newFolder();
    await lifeIn(folder, 'LOW');
    cpSync(join(await folderOfBefore(), FILE), join(folder, FILE));
    const { rows, made, lines } = await lifeIn(folder, 'B');
    assert.deepEqual([rows, made], [['ftr_1 LOW  8 false', 'ftr_4 HIGH /value 0.1 true'], 'ftr_5']);
    assert.match(lines.join(), /1 fault triggers were skipped, because other fault triggers have their fault codes/);
  });

  it('does not move rules from a file that is configured for them', async () => {
    const folder = await folderOfBefore('rules.db');
    assert.deepEqual((await lifeIn(folder, 'A', 'rules.db')).rows, OF_BEFORE);
    assert.deepEqual((await lifeIn(folder, 'B', 'rules.db')).rows, [...OF_BEFORE, NEXT]);
    assert.equal(await refusalOf(join(folder, 'rules.db')), undefined);
    assert.deepEqual((await lifeIn(folder, 'A')).rows, []);
  });

  it('does not move rules from a configured file that is the database of the gateway', async () => {
    const folder = await folderOfBefore('gateway.db');
    assert.deepEqual((await lifeIn(folder, 'A', 'gateway.db')).rows, OF_BEFORE);
    assert.deepEqual((await lifeIn(folder, 'B')).rows, [...OF_BEFORE, NEXT]);
  });
});

async function rulesIn(folder: string): Promise<number> {
  const database = databaseIn(folder);
  const rows = (await database.exists()) && (await (await database.store()).read('SELECT * FROM fault_triggers'));
  await database.close();
  return rows ? rows.length : 0;
}

/**
 * Returns copies of the folder before and after each step of a migration: the states after a process was killed there.
 */
async function leftByKills(folder: string) {
  const left: { readonly step: string; readonly folder: string }[] = [];
  const at = <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const copy = (when: string): void => {
      const place = newFolder();
      cpSync(folder, place, { recursive: true });
      left.push({ step: `${when} ${step}`, folder: place });
    };
    copy('before');
    return work().finally(() => copy('after'));
  };
  const watched = (name: string, database: LazyStore): LazyStore => ({
    exists: () => database.exists(),
    store: () =>
      at(`opening ${name}`, async () => {
        const store = await database.store();
        return {
          ...store,
          read: (...query) => store.read(...query),
          facts: () => store.facts(),
          write: (...statements) => at(`writing ${name}`, () => store.write(...statements)),
        };
      }),
    close: () => at(`closing ${name}`, () => database.close()),
  });
  const to = databaseIn(folder);
  const path = join(folder, FILE);
  const migrations = { fault_triggers: FORMER_FAULT_TRIGGER_TABLES };
  const from = lazyStore(path, systemFiles, () =>
    openStore({ path, migrations, clock: systemClock, warn: assert.fail }),
  );
  try {
    const stores = { from: watched('the file', from), to: watched('the database', to) };
    await migrateRules({ ...stores, clock: systemClock, log: silent });
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
  return left;
}

it('a migration that is killed at any step moves every rule once, and an earlier medkit never sees a migrated rule', async () => {
  const left = await leftByKills(await folderOfBefore());
  const seen: string[] = [];
  for (const { step, folder } of left) {
    const copy = newFolder();
    cpSync(folder, copy, { recursive: true });
    seen.push(`${step}: ${(await refusalOf(join(copy, FILE))) !== undefined}, ${await rulesIn(copy)}`);
    const { rows, made } = await lifeIn(folder, 'A');
    assert.deepEqual([step, rows, made], [step, OF_BEFORE, 'ftr_4']);
  }
  // An earlier medkit never accepts a file whose rules are already migrated.
  assert.deepEqual(seen, [
    'before opening the database: false, 0',
    'after opening the database: false, 0',
    'before opening the file: false, 0',
    'after opening the file: true, 0',
    'before writing the database: true, 0',
    'after writing the database: true, 2',
    'before closing the file: true, 2',
    'after closing the file: true, 2',
  ]);
});
