import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { GATEWAY, type Principal } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { Answer, done } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { memoryDatabase } from '../testing/memory-database.ts';
import { testGateway } from '../testing/test-gateway.ts';
import { MAX_REQUESTS, repeatedRequests } from './repeated-requests.ts';

const HOUR_MS = 3_600_000;
const route = { method: 'post' } as const;

function principalOf(id: string): Principal {
  return { ...GATEWAY, id, kind: 'user' };
}

function exchangeOf({ id = 'user:ada', body = { a: 1 }, headers = {} }: Partial<Exchange> & { id?: string }): Exchange {
  return {
    url: '/api/v1/x',
    query: {},
    body,
    headers,
    clientId: '',
    remoteAddress: '192.0.2.7',
    principal: principalOf(id),
    note: () => undefined,
  } as unknown as Exchange;
}

function setUp() {
  const clock = new SimulatedClock();
  const database = memoryDatabase(clock);
  const lines: string[] = [];
  const open = () => repeatedRequests({ database, clock, log: (_level, line) => lines.push(line) });
  let runs = 0;
  const requests = open();
  const run = (
    key: string,
    exchange: Parameters<typeof exchangeOf>[0] = {},
    work: (count: number) => unknown = (count) => ({ count }),
    by = requests,
  ) => by.run({ route, exchange: exchangeOf(exchange), key }, () => work(++runs));
  return { clock, database, run, open, lines, runs: () => runs };
}

const code = (expected: string) => (error: unknown) => error instanceof SovdError && error.code === expected;

describe('a request with an Idempotency-Key', () => {
  it('runs once, and every repetition has the same reply, also after a restart', async () => {
    const { run, open, runs } = setUp();
    assert.deepEqual(await run('k'), { count: 1 });
    const again = (await run('k')) as Answer<unknown>;
    assert.deepEqual([again.status, again.body], [200, { count: 1 }]);
    const later = (await run('k', {}, undefined, open())) as Answer<unknown>;
    assert.deepEqual(later.body, { count: 1 });
    assert.equal(runs(), 1);
  });

  it('has the status, the headers and the missing body of the first reply', async () => {
    const { run } = setUp();
    await run('created', {}, () => new Answer(201, { id: 2n ** 60n }, { Location: '/api/v1/x/1' }));
    const { status, headers, body } = (await run('created')) as Answer<{ id: bigint }>;
    assert.deepEqual([status, headers, body], [201, { Location: '/api/v1/x/1' }, { id: 2n ** 60n }]);
    await run('done', {}, () => done());
    const empty = (await run('done')) as Answer<never>;
    assert.deepEqual([empty.status, empty.body], [undefined, undefined]);
  });

  it('is shared by requests that arrive while the first one runs', async () => {
    const { run, runs } = setUp();
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = run('k', {}, async (count) => {
      await promise;
      return { count };
    });
    const second = run('k');
    await assert.rejects(run('k', { body: { a: 2 } }), code('x-medkit-key-reused'));
    resolve();
    assert.deepEqual(await Promise.all([slow, second]), [{ count: 1 }, { count: 1 }]);
    assert.equal(runs(), 1);
  });

  it('is refused for another body, and separate for another client and another user of a hub', async () => {
    const { run, runs } = setUp();
    await run('k');
    await assert.rejects(run('k', { body: { a: 2 } }), code('x-medkit-key-reused'));
    await run('k', { id: 'user:bob' });
    await run('k', { headers: { 'x-medkit-on-behalf-of': 'user:eve@hub' } });
    assert.equal(runs(), 3);
  });

  it('runs again after a refusal, and never after a failure that may have had an effect', async () => {
    const { run, runs } = setUp();
    const fail = (failure: string) => () => {
      throw new SovdError({ code: failure as never });
    };
    await assert.rejects(run('refused', {}, fail('lock-broken')));
    assert.deepEqual(await run('refused'), { count: 2 });
    for (let time = 0; time < 2; time += 1) {
      await assert.rejects(run('unknown', {}, fail('not-responding')), code('not-responding'));
    }
    await assert.rejects(
      run('crash', {}, () => {
        throw new Error('x');
      }),
      /x/,
    );
    await assert.rejects(run('crash'), code('internal-error'));
    assert.equal(runs(), 4);
  });

  it('has an unknown outcome if the gateway ended while it ran', async () => {
    const { run, open, runs } = setUp();
    void run('k', {}, () => new Promise(() => undefined));
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    await new Promise(setImmediate);
    await assert.rejects(run('k', {}, undefined, open()), code('x-medkit-outcome-unknown'));
    assert.equal(runs(), 1);
  });

  it('is forgotten after 24 h', async () => {
    const { run, clock, runs } = setUp();
    await run('k');
    clock.stepWall(23 * HOUR_MS);
    await run('k');
    assert.equal(runs(), 1);
    clock.stepWall(2 * HOUR_MS);
    await run('k');
    assert.equal(runs(), 2);
  });

  it('has a bounded table, from which the client with the most requests loses its oldest', async () => {
    const { run, database, clock, runs } = setUp();
    await run('first', { id: 'user:bob' });
    const store = await database.store();
    const at = Math.floor(clock.wallMs());
    await store.write([
      {
        sql: `INSERT INTO idempotent_requests (owner, key, request, at_ms)
              WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
              SELECT 'user:eve', 'k' || i, zeroblob(1), ? + i FROM n`,
        parameters: [MAX_REQUESTS - 1, at - MAX_REQUESTS],
      },
    ]);
    await run('next', { id: 'user:ada' });
    const [count] = await store.read('SELECT count(*) AS n FROM idempotent_requests');
    assert.equal(Number(count?.n), MAX_REQUESTS);
    await run('first', { id: 'user:bob' });
    assert.equal(runs(), 2);
  });

  it('refuses a key that is empty, too long or not printable, and any key for an upload', async () => {
    const { run, open } = setUp();
    for (const key of ['', 'x'.repeat(65), 'a b', 'ä']) await assert.rejects(run(key), code('invalid-request'));
    const upload = { method: 'post', body: { media: 'multipart/form-data' } } as never;
    await assert.rejects(
      open().run({ route: upload, exchange: exchangeOf({}), key: 'k' }, () => assert.fail()),
      code('invalid-request'),
    );
  });
});

it('a change of a gateway is executed once, and another change with the key is refused', async () => {
  const { app } = await testGateway();
  const send = (body: object, key = 'k-1') =>
    app.inject({
      method: 'POST',
      url: '/api/v1/components/amr_01/locks',
      headers: { 'idempotency-key': key, 'x-client-id': 'ada' },
      payload: body,
    });
  const [first, again] = [await send({ lock_expiration: 60 }), await send({ lock_expiration: 60 })];
  assert.equal(first.statusCode, 201, first.body);
  assert.deepEqual([again.statusCode, again.body, again.headers.location], [201, first.body, first.headers.location]);
  const other = await send({ lock_expiration: 90 });
  assert.deepEqual([other.statusCode, other.json().vendor_code], [409, 'x-medkit-key-reused']);
  assert.equal((await send({ lock_expiration: 60 }, 'x'.repeat(65))).statusCode, 400);
});
