import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type AccountGateway, accountGateway, bearer } from './account-gateway.ts';

type Headers = Readonly<Record<string, string>>;

/** How a client adds one entry to a collection of the gateway; the status of the reply. */
type Add = (gateway: AccountGateway, headers: Headers, url: string) => Promise<number>;

const CONDITION = { trigger_condition: { condition_type: 'OnChange' } };

const post =
  (path: string, body: unknown): Add =>
  async ({ ask }, headers) =>
    (await ask('POST', path, { headers, body })).status;

/** Collections that a client fills over HTTP within a moment, by the names of their quotas. */
const FILLED: Readonly<Record<string, Add>> = {
  triggers: post('/apps/arm/triggers', { resource: '/api/v1/apps/arm/faults', ...CONDITION }),
  cyclic_subscriptions: post('/apps/arm/cyclic-subscriptions', {
    ...{ resource: '/api/v1/apps/arm/faults', interval: 'slow', duration: 600, protocol: 'sse' },
  }),
  stream_tickets: post('/auth/stream-ticket', { path: '/api/v1/faults/stream' }),
  bulk_data_bytes: async ({ ask }, headers) => {
    const body = [
      '--part',
      'Content-Disposition: form-data; name="file"; filename="map.txt"',
      '',
      'x'.repeat(1000),
      '--part--',
      '',
    ].join('\r\n');
    const sent = { ...headers, 'content-type': 'multipart/form-data; boundary=part' };
    return (await ask('POST', '/apps/arm/bulk-data/maps', { headers: sent, body })).status;
  },
  event_streams: async (_, headers, url) => {
    const reply = await fetch(`${url}/api/v1/faults/stream`, { headers });
    if (reply.status !== 200) await reply.text();
    return reply.status;
  },
};

/** Collections that need more than a request to be filled, with the test that fills them. */
const FILLED_ELSEWHERE: Readonly<Record<string, string>> = {
  api_keys: 'packages/resources/accounts/src/key/kept-keys.test.ts',
  connections: 'packages/gateway/src/http/connection-bounds.test.ts',
  held_bodies: 'packages/gateway/src/http/json-body.test.ts',
  scripts: 'packages/resources/scripts/src/library/script-library.test.ts',
  waiting_account_changes: 'packages/resources/accounts/src/storage/account-changes.test.ts',
  unwritten_requests: 'packages/gateway/src/audit/request-audit.test.ts',
  terminated_triggers: 'packages/resources/services/src/triggers/trigger-bounds.test.ts',
  trigger_log_entries: 'packages/resources/services/src/triggers/trigger-bounds.test.ts',
  trigger_events_unwritten: 'packages/resources/services/src/triggers/trigger-bounds.test.ts',
  log_configurations: 'packages/resources/services/src/logs/log-service.test.ts',
  waiting_logins: 'packages/resources/accounts/src/user/kept-users.test.ts',
  fault_triggers: 'packages/base/edges/src/quota.test.ts',
  locks: 'packages/base/edges/src/quota.test.ts',
  script_uploads: 'packages/base/edges/src/quota.test.ts',
  running_scripts: 'packages/base/edges/src/quota.test.ts',
  uploads: 'packages/base/edges/src/quota.test.ts',
  webhook_deliveries: 'packages/resources/webhooks/src/webhooks.test.ts',
  sessions: 'packages/resources/accounts/src/session/kept-sessions.test.ts',
  token_families: 'packages/resources/accounts/src/token/kept-tokens.test.ts',
};

/** Quotas that there is one of for each provider of a runtime: calls that wait for a node. */
const CALLS = /_calls$/;

describe('every collection that clients fill', () => {
  let gateway: AccountGateway;
  let url = '';
  before(async () => {
    gateway = await accountGateway({
      changes: {
        triggers: { max_triggers: 8 },
        sse: { max_clients: 8, max_subscriptions: 8 },
        bulk_data: { categories: ['maps'], max_total_size: 8000 },
      },
    });
    url = await gateway.listen();
  });
  after(() => gateway.close());

  const quotas = async (): Promise<Readonly<Record<string, { held: number; capacity: number; refused: number }>>> => {
    gateway.clock.advance(1000);
    const reply = await gateway.ask('GET', '/health', { headers: bearer(await gateway.keyFor('admin')) });
    return reply.body['x-medkit-quotas'];
  };

  it('has a count in /health and a test that fills it', async () => {
    const names = Object.keys(await quotas()).filter((name) => !CALLS.test(name));
    assert.deepEqual(names.sort(), [...Object.keys(FILLED), ...Object.keys(FILLED_ELSEWHERE)].sort());
    for (const file of Object.values(FILLED_ELSEWHERE)) {
      assert.ok(existsSync(join(import.meta.dirname, '..', '..', file)), file);
    }
  });

  for (const [name, add] of Object.entries(FILLED)) {
    it(`serves others while a client fills ${name}, and names the bound`, async () => {
      const role = name === 'bulk_data_bytes' ? 'operator' : 'viewer';
      const [greedy, other] = [bearer(await gateway.keyFor(role)), bearer(await gateway.keyFor(role))];
      let statuses: number[] = [];
      for (let last = 0; last < 400; ) {
        last = await add(gateway, greedy, url);
        statuses = [...statuses, last];
      }
      assert.ok(statuses.length > 1, 'the first ones are served');
      assert.ok([409, 429, 507].includes(statuses.at(-1) ?? 0), `${statuses}`);
      const status = await add(gateway, other, url);
      assert.ok(status === 200 || status === 201, `${status}`);
      const { held, capacity, refused } = (await quotas())[name]!;
      assert.ok(held < capacity && refused > 0, `${name}: ${held} of ${capacity}, ${refused} refused`);
    });
  }
});
