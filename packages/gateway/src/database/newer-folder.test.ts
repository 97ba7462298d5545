import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { AUDIT_RECEIPT, FAULT_TABLES } from '@medkit/faults';
import { openStore } from '@medkit/store';
import { FAULT_TRIGGER_TABLES } from '../fault-triggers/fault-trigger-tables.ts';
import { GATEWAY_TABLES } from '../gateway-database.ts';
import { startGateway } from '../start-gateway.ts';
import { testConfig } from '../testing/test-gateway.ts';

/** Tables of every database, and of one with an audit log. */
const OF_STORE = ['store.commits', 'store.events'];
/** The databases of a data folder and the owners of their tables. */
const DATABASES: Readonly<Record<string, readonly string[]>> = {
  'fault_audit.db': [...OF_STORE, 'store.audit', ...Object.keys(AUDIT_RECEIPT)],
  'faults.db': [...OF_STORE, ...Object.keys(FAULT_TABLES)],
  'gateway.db': [...OF_STORE, ...Object.keys(GATEWAY_TABLES)],
  'rules.db': [...OF_STORE, 'fault_triggers'],
};

const folder = mkdtempSync(join(tmpdir(), 'medkit-versions-'));
after(() => rmSync(folder, { recursive: true }));

/** Returns everything that a gateway with this folder logs during its start, and its health after it. */
async function startupOutput(): Promise<string> {
  const config = await testConfig({
    server: { port: 0 },
    ros: { enabled: false },
    audit: { requests: 'on' },
    fault_triggers: { storage: { path: 'rules.db' } },
  });
  const lines: string[] = [];
  const log = (_: string, line: string) => lines.push(line);
  try {
    const gateway = await startGateway({ config: { ...config, data_dir: folder }, environment: {}, log });
    lines.push(await (await fetch(`${gateway.url}/api/v1/health`)).text());
    await gateway.close();
  } catch (error) {
    lines.push((error as Error).message);
  }
  return lines.join('\n');
}

/** Changes a database from outside the gateway. */
function change(name: string, work: (database: DatabaseSync) => void): void {
  using database = new DatabaseSync(join(folder, name));
  work(database);
}

describe('a data folder of a newer medkit', () => {
  before(async () => {
    assert.doesNotMatch(await startupOutput(), /newer medkit/);
    const tables = { 'gateway.db': GATEWAY_TABLES, 'rules.db': { fault_triggers: FAULT_TRIGGER_TABLES } };
    for (const [name, migrations] of Object.entries(tables)) {
      const path = join(folder, name);
      await (await openStore({ path, migrations, clock: systemClock, warn: assert.fail })).close();
    }
  });

  for (const [name, owners] of Object.entries(DATABASES)) {
    for (const owner of owners) {
      it(`is refused for the tables of ${owner} in ${name}, which stays unchanged`, async () => {
        const asOf = 'INSERT INTO schema_migrations (owner, version, applied_at_ns) VALUES (?, ?, 0)';
        let known = 0;
        change(name, (database) => {
          const row = database
            .prepare('SELECT max(version) AS known FROM schema_migrations WHERE owner = ?')
            .get(owner);
          known = Number(row?.['known']);
          database.prepare(asOf).run(owner, known + 1);
        });
        const path = join(folder, name);
        const octets = readFileSync(path);
        const output = await startupOutput();
        const versions = `${owner}: version ${known + 1}, supported ${known}`;
        const refusal = `${path} was written by a newer medkit (${versions}): update medkit, or choose another path`;
        assert.ok(output.includes(refusal), output);
        assert.deepEqual(readFileSync(path), octets);
        change(name, (database) => {
          database.prepare('DELETE FROM schema_migrations WHERE owner = ? AND version = ?').run(owner, known + 1);
        });
      });
    }
  }

  it('is accepted again once the version of its tables is restored', async () => {
    assert.doesNotMatch(await startupOutput(), /newer medkit/);
  });

  it('has exactly the databases and tables of this test', () => {
    const there = readdirSync(folder).filter((name) => name.endsWith('.db'));
    assert.deepEqual(there.sort(), Object.keys(DATABASES));
    for (const name of there) {
      change(name, (database) => {
        const rows = database.prepare('SELECT DISTINCT owner FROM schema_migrations').all();
        assert.deepEqual(rows.map(({ owner }) => owner).sort(), [...(DATABASES[name] ?? [])].sort(), name);
      });
    }
  });
});
