import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { moduleOf, startPluginGateway } from './gateway.ts';

const DOMAIN = await reserveDomain();

describe('an uncaught error', () => {
  for (const [path, line] of [
    ['/x-stray-error', /uncaught exception: Error: thrown by a timer\n.* at .*stray\.ts/],
    ['/x-stray-rejection', /unhandled promise rejection: Error: rejected for nobody\n.* at .*stray\.ts/],
  ] as const) {
    it(`shuts the gateway down cleanly, with its stack and a non-zero exit code (${path})`, {
      timeout: 240_000,
    }, async (context) => {
      const folder = mkdtempSync(join(tmpdir(), 'medkit-uncaught-'));
      context.after(() => rmSync(folder, { recursive: true, force: true }));
      const gateway = await startPluginGateway(DOMAIN, ['stray'], [...moduleOf('stray'), `data_dir=${folder}`]);
      try {
        await eventually('the route', async () => (await gateway.ask('/health')).status === 200);
        assert.equal((await gateway.ask(path, 'POST', {})).status, 202);
        assert.equal(await gateway.program.ended, 1, gateway.program.output());
      } finally {
        await gateway.program.end('SIGKILL');
      }
      assert.match(gateway.program.output(), line);
      // Acknowledged data is in the database itself: a clean close checkpoints its write-ahead log.
      assert.ok(!readdirSync(folder).some((name) => name.endsWith('-wal')), readdirSync(folder).join());
      using audit = new DatabaseSync(join(folder, 'fault_audit.db'), { readOnly: true });
      const [{ n }] = audit.prepare("SELECT count(*) AS n FROM audit_log WHERE transition = 'request'").all() as [
        { n: number },
      ];
      assert.equal(n, 1, 'the request that was answered');
    });
  }
});
