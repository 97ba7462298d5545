import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { verifyAuditFile } from '@medkit/store';
import { startProgram } from '../harness/program.ts';
import { filesOf } from './robot.ts';

const CLIENTS = 8;
const KILLS = 3;
const RULES = '/apps/planner/fault-triggers';
const SECRETS = ['the-token-of-this-robot', 'a-password-in-a-body', 'a-secret-in-a-query'] as const;

function auditFolder() {
  const path = mkdtempSync(join(tmpdir(), 'medkit-audit-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

async function startIn(folder: string, ...settings: readonly string[]) {
  const script = join(import.meta.dirname, 'audited-gateway.ts');
  const program = startProgram([folder, ...settings], { script });
  const [, url = ''] = await program.printed(/listening (\S+)/);
  const ask = async (
    method: string,
    path: string,
    { body, headers = {} }: { body?: object; headers?: object } = {},
  ) => {
    const reply = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  return { program, url, ask, [Symbol.asyncDispose]: async () => void (await program.end('SIGKILL')) };
}

/** Reads the items of recorded requests, rejected ones included, from the file of the log. */
function itemsIn(path: string): ReadonlySet<string> {
  using log = new DatabaseSync(path, { readOnly: true });
  const rows = log.prepare("SELECT description FROM audit_log WHERE transition IN ('request', 'request_minor')").all();
  return new Set(rows.map(({ description }) => JSON.parse(String(description)).item));
}

describe('the audit log of requests', () => {
  for (const requests of ['on', 'synced']) {
    it(`has every request that was answered before kill -9 (audit.requests: ${requests})`, {
      timeout: 120_000,
    }, async () => {
      using folder = auditFolder();
      const { audit } = filesOf(folder.path);
      const answered = new Set<string>();
      let checked = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        await using gateway = await startIn(folder.path, `audit.requests=${requests}`);
        const { program, ask } = gateway;
        const before = answered.size;
        const { promise: enough, resolve } = Promise.withResolvers<void>();
        const client = async (name: number): Promise<void> => {
          for (let count = 0; ; count += 1) {
            // It is rejected because the rule does not exist; the test looks for the record of that.
            const item = `ftr_${kill}-${name}-${count}`;
            try {
              assert.equal((await ask('DELETE', `${RULES}/${item}`)).status, 404);
            } catch (error) {
              if (error instanceof assert.AssertionError) throw error;
              return;
            }
            answered.add(item);
            if (answered.size - before === 60 * (kill + 1)) resolve();
          }
        };
        const clients = Promise.all(Array.from({ length: CLIENTS }, (_, name) => client(name)));
        await Promise.race([enough, clients]);
        assert.equal(await program.end('SIGKILL'), 'SIGKILL');
        await clients;
        const recorded = itemsIn(audit);
        assert.deepEqual(
          [...answered].filter((item) => !recorded.has(item)),
          [],
          'every request that was answered',
        );
        const verdict = verifyAuditFile(audit);
        assert.equal(verdict.intact, true, verdict.problem);
        assert.ok(verdict.checked > checked, 'the chain goes on');
        checked = verdict.checked;
      }
      assert.ok(answered.size >= 360, `${answered.size} requests were answered`);
    });
  }

  it('contains no secret of any request, in no byte of its files', { timeout: 240_000 }, async () => {
    using folder = auditFolder();
    const [token, password, query] = SECRETS;
    const config = `/apps/planner/configurations/rate?token=${query}`;
    await using gateway = await startIn(folder.path, `server.token=${token}`);
    const { program, ask } = gateway;
    const headers = { authorization: `Bearer ${token}`, 'x-client-id': 'alice' };
    const rule = { data_name: password, operator: '<', threshold: 1, fault_code: 'F', severity: 'INFO', password };
    assert.equal((await ask('POST', `${RULES}?password=${query}`, { headers, body: rule })).status, 201);
    assert.ok((await ask('PUT', config, { headers, body: { data: password } })).status >= 400);
    const { body } = await ask('GET', '/x-medkit-audit?client=alice', { headers });
    assert.equal(body.items.length, 2);
    await program.end();
    const files = readdirSync(folder.path).filter(
      (name) => name.startsWith('fault_audit.db') && !name.endsWith('.reserve'),
    );
    assert.ok(files.length > 0);
    for (const name of files) {
      const octets = readFileSync(join(folder.path, name));
      for (const secret of SECRETS) assert.ok(!octets.includes(secret), `${secret} is in ${name}`);
    }
  });

  it('is shown by a command, from the file and from a gateway, while the gateway runs', {
    timeout: 240_000,
  }, async () => {
    using folder = auditFolder();
    const { audit } = filesOf(folder.path);
    await using gateway = await startIn(folder.path);
    const { program, ask, url } = gateway;
    for (const client of ['alice', 'bob']) {
      await ask('DELETE', `${RULES}/ftr_1`, { headers: { 'x-client-id': client } });
    }
    const list = async (...args: readonly string[]) => {
      const command = startProgram(['audit', 'list', ...args]);
      return [await command.ended, command.output()] as const;
    };
    for (const source of [[audit], ['--data-dir', folder.path], ['--url', url]]) {
      const [code, output] = await list(...source, '--client', 'bob', '--json');
      assert.deepEqual([code, JSON.parse(output).request.client_id], [0, 'bob'], output);
    }
    const [code, table] = await list(audit, '--entity', 'planner');
    assert.equal(code, 0);
    const [head = '', newest = '', oldest = ''] = table.trim().split('\n');
    assert.match(head, /^ID +TIME +WHO +WHAT +OUTCOME/);
    assert.match(newest, /^ *2 .* bob +DELETE \/apps\/planner\/fault-triggers\/ftr_1 +404 resource-not-found/);
    assert.match(oldest, / alice /);
    assert.deepEqual(await list(audit, '--status', '200'), [0, 'no audit records match\n']);
    const [refused, reason] = await list(audit, '--since', 'yesterday');
    assert.equal(refused, 1);
    assert.match(reason, /Invalid since: must be a time of ISO 8601/);
    assert.equal(await program.end('SIGTERM'), 0);
  });
});
