import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AccountGateway, accountGateway, bearer } from './account-gateway.ts';

type Headers = Readonly<Record<string, string>>;

/** Adds one entry to a collection of the gateway as a client; returns the status of the reply. */
type Add = (gateway: AccountGateway, headers: Headers, url: string) => Promise<number>;

const CONDITION = { trigger_condition: { condition_type: 'OnChange' } };

const post =
  (path: string, body: unknown): Add =>
  async ({ ask }, headers) =>
    (await ask('POST', path, { headers, body })).status;

/** Collections that a client can fill over HTTP within a moment, by the names of their quotas. */
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

describe('a collection that a client fills', () => {
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
