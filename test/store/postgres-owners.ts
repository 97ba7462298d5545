import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { TEST_DATABASE } from '@medkit/store/testing';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

const root = join(import.meta.dirname, '..', '..', 'packages', 'resources');

/**
 * Runs the tests that match patterns, in the packages of resources, with a store that runs each statement on PostgreSQL, too, and
 * compares the results.
 */
export function describeOwners(...patterns: readonly string[]): void {
  describe('the statements of a hub on PostgreSQL', { skip: missingSystemPackages('postgres') }, () => {
    let server: Postgres;
    before(async () => {
      server = await startPostgres();
    });
    after(() => server?.[Symbol.asyncDispose]());

    for (const tested of patterns) {
      it(`have the results of SQLite: ${tested}`, async () => {
        const files = globSync(join(root, tested));
        assert.ok(files.length > 0);
        const child = spawn(
          process.execPath,
          ['--disable-warning=ExperimentalWarning', '--test', '--test-isolation=none', ...files],
          {
            env: { ...process.env, NODE_TEST_CONTEXT: undefined, [TEST_DATABASE]: server.url },
            stdio: ['ignore', 'pipe', 'pipe'],
          },
        );
        let output = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
        const code = await new Promise((resolve) => child.on('close', resolve));
        assert.equal(code, 0, output.slice(-20_000));
        assert.match(output, /compared \d+ calls with PostgreSQL/);
      });
    }
  });
}
