import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type HttpReply, type HttpRequest, seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { answering, eventOf, RECEIVER, setUp, summary } from './testing/webhook-stage.ts';
import type { Webhook } from './webhook.ts';

const HOUR_MS = 3_600_000;
const OTHER: Webhook = { url: 'https://other.example/' };

describe('a delivery', () => {
  it('is the signed envelope, sent to the checked address, and is removed from the disk after it arrived', async () => {
    const { enter, http, store, webhooks, clock } = await setUp();
    await enter('/a', [7], { ...RECEIVER, secret: 'sixteen letters!', headers: { Authorization: 'Bearer 1' } });
    await clock.advanceAsync(5);
    const [{ url, address, headers, body, maxReplyBytes } = assert.fail()] = http.requests;
    assert.deepEqual([url, address, maxReplyBytes], [RECEIVER.url, '8.8.8.8', 1024]);
    assert.equal(headers['Authorization'], 'Bearer 1');
    assert.equal(headers['Content-Type'], 'application/cloudevents+json');
    assert.equal(headers['webhook-timestamp'], String(Math.floor(clock.wallMs() / 1000)));
    assert.match(headers['webhook-signature'] ?? '', /^v1,[\w+/]{43}=$/);
    assert.equal(JSON.parse(String(body)).source, 'http://amr-01:8080/a');
    assert.deepEqual(await store.read('SELECT * FROM webhook_deliveries'), []);
    const [facts] = webhooks.facts().targets;
    assert.deepEqual([facts?.delivered, facts?.queued, facts?.origin], [1, 0, 'https://receiver.example']);
    await webhooks.close();
  });

  it('is committed together with the statements it is entered with', async () => {
    const { store, webhooks, sent, clock } = await setUp();
    const statements = webhooks.outboxStatements(RECEIVER, eventOf('/a', 1, 1));
    await assert.rejects(store.write([...statements, { sql: 'INSERT INTO nothing VALUES (1)' }]));
    webhooks.wake();
    await clock.advanceAsync(5);
    assert.deepEqual(sent(), []);
    await webhooks.close();
  });

  it('keeps the order of its source during retries; other sources continue', async () => {
    const { enter, http, sent, clock, webhooks } = await setUp();
    http.answer = answering({ '/a 1': { status: 500 } });
    await enter('/a', [1, 2]);
    await enter('/b', [3, 4]);
    assert.deepEqual(sent(), ['/a 1', '/b 3', '/b 4']);
    await enter('/a', [5]);
    http.answer = () => ({});
    await clock.advanceAsync(1200, 50);
    assert.deepEqual(sent().slice(3), ['/a 1', '/a 2', '/a 5']);
    const [first, , , again] = http.requests;
    assert.equal(first?.headers['webhook-id'], again?.headers['webhook-id']);
    await webhooks.close();
  });

  it('is given up after its maximum wait, and the next one is tried', async () => {
    const { enter, http, sent, clock, store, webhooks, logged } = await setUp();
    http.answer = answering({ '/a 1': new Error('ECONNREFUSED') });
    await enter('/a', [1, 2]);
    await clock.advanceAsync(23.9 * HOUR_MS, 60_000);
    assert.ok(!sent().includes('/a 2'));
    await clock.advanceAsync(0.3 * HOUR_MS, 10_000);
    assert.deepEqual(sent().slice(-2), ['/a 1', '/a 2']);
    const [dead, ...rest] = await store.read('SELECT * FROM webhook_deliveries');
    assert.equal(rest.length, 0);
    assert.equal(dead?.last_error, 'ECONNREFUSED');
    assert.ok(Number(dead?.waited_ms) >= 24 * HOUR_MS && Number(dead?.attempts) > 24 * 12);
    assert.ok(sent().length < 24 * 60, 'with patience');
    assert.deepEqual([webhooks.facts().dead, webhooks.facts().died], [1, 1]);
    assert.ok(
      logged.some(
        (line) =>
          line ===
          'warn: A webhook to https://receiver.example could not be delivered and is stored as a dead letter: ECONNREFUSED',
      ),
    );
    await webhooks.close();
    assert.equal(clock.timers, 0);
  });

  it('is given up immediately after 410, and after some attempts if the receiver rejects it', async () => {
    const { enter, http, sent, clock, store, webhooks } = await setUp();
    http.answer = answering({ '/a 1': { status: 410 }, '/b 2': { status: 422, body: 'no such robot' } });
    await enter('/a', [1, 3]);
    await enter('/b', [2, 4]);
    assert.deepEqual(
      sent().filter((line) => line.startsWith('/a')),
      ['/a 1', '/a 3'],
    );
    await clock.advanceAsync(40_000, 100);
    assert.equal(sent().filter((line) => line === '/b 2').length, 5);
    assert.equal(sent().at(-1), '/b 4');
    assert.deepEqual(
      (await store.read('SELECT attempts, last_error FROM webhook_deliveries ORDER BY id')).map((row) => ({ ...row })),
      [
        { attempts: 1, last_error: 'HTTP 410' },
        { attempts: 5, last_error: 'HTTP 422: no such robot' },
      ],
    );
    await webhooks.close();
  });

  it('waits as long as a busy receiver requests, and so do all others for it', async () => {
    const { enter, http, sent, clock, webhooks } = await setUp();
    http.answer = answering({ '/a 1': { status: 429, headers: { 'retry-after': '120' } } });
    await enter('/a', [1]);
    await enter('/b', [2]);
    await enter('/c', [3], OTHER);
    await clock.advanceAsync(119_000, 500);
    assert.deepEqual(sent(), ['/a 1', '/c 3']);
    assert.deepEqual(webhooks.facts().targets[0]?.isPaused, true);
    http.answer = () => ({});
    await clock.advanceAsync(2000, 100);
    assert.deepEqual(sent().slice(2).toSorted(), ['/a 1', '/b 2']);
    await webhooks.close();
  });

  it('is not sent to a rejected address, but waits for the remedy', async () => {
    const { enter, http, names, clock, webhooks, logged } = await setUp();
    names.addresses['receiver.example'] = ['169.254.169.254'];
    await enter('/a', [1]);
    await clock.advanceAsync(20_000, 100);
    assert.deepEqual(http.requests, []);
    const [facts] = webhooks.facts().targets;
    assert.ok(facts?.isFailing && facts.queued === 1 && facts.nextTryMs !== undefined);
    assert.match(facts.lastError ?? '', /is at 169\.254\.169\.254, a link-local address/);
    assert.equal(logged.length, 1);
    names.addresses['receiver.example'] = ['8.8.8.8'];
    await clock.advanceAsync(300_000, 1000);
    assert.equal(http.requests.length, 1);
    assert.match(logged[1] ?? '', /delivered to https:\/\/receiver\.example again/);
    await webhooks.close();
  });

  it('uses another address of the receiver after a failure', async () => {
    const { enter, http, names, clock, webhooks } = await setUp();
    names.addresses['receiver.example'] = ['2a00::1', '8.8.8.8'];
    http.answer = ({ address }) => {
      if (address === '2a00::1') throw new Error('ENETUNREACH');
      return {};
    };
    await enter('/a', [1]);
    await clock.advanceAsync(1100, 50);
    assert.deepEqual(
      http.requests.map(({ address }) => address),
      ['2a00::1', '8.8.8.8'],
    );
    await webhooks.close();
  });
});

describe('the limits', () => {
  it('allow a number of concurrent requests to a target, shared among its sources', async () => {
    const { enter, http, sent, webhooks, clock } = await setUp();
    const held: (() => void)[] = [];
    http.answer = () => new Promise((resolve) => held.push(() => resolve({})));
    for (const source of ['/a', '/b', '/c', '/d', '/e', '/f']) await enter(source, [1, 2]);
    await enter('/a', [3], OTHER);
    assert.deepEqual(sent().length, 5, 'four of one target, one of the other');
    held.shift()?.();
    await clock.advanceAsync(3);
    assert.equal(sent().at(-1), '/e 1', 'who waits is before the second of another');
    for (let n = 0; n < 20; n++) {
      held.shift()?.();
      await clock.advanceAsync(3);
    }
    assert.equal(sent().length, 13);
    await webhooks.close();
  });

  it('allow a number of new requests per second', async () => {
    const { enter, sent, clock, webhooks } = await setUp({ maxPerSecond: 10 });
    await enter(
      '/a',
      Array.from({ length: 30 }, (_, n) => n),
    );
    await clock.advanceAsync(50);
    assert.equal(sent().length, 10);
    await clock.advanceAsync(1000, 10);
    assert.ok(sent().length >= 19 && sent().length <= 21, String(sent().length));
    await clock.advanceAsync(1100, 10);
    assert.equal(sent().length, 30);
    await webhooks.close();
  });

  it('turn the oldest deliveries of the fullest target into dead letters, which are limited as well', async () => {
    const { enter, http, store, webhooks, clock, sent } = await setUp({ maxQueued: 5, maxDeadLetters: 3 });
    http.answer = () => ({ status: 503 });
    await enter('/c', [1], OTHER);
    await enter('/a', [1, 2, 3, 4]);
    await enter('/b', [5, 6, 7, 8, 9]);
    const facts = webhooks.facts();
    assert.deepEqual([facts.overflowed, facts.dead, facts.removed], [5, 3, 2]);
    assert.deepEqual(
      facts.targets.map(({ queued }) => queued),
      [1, 4],
    );
    const rows = await store.read(
      "SELECT CAST(json_extract(body, '$.data') AS INTEGER) AS n, dead_ms, last_error FROM webhook_deliveries",
    );
    const numbers = (areDead: boolean) =>
      rows.filter(({ dead_ms }) => (dead_ms !== null) === areDead).map(({ n }) => Number(n));
    assert.deepEqual(
      [numbers(true), numbers(false)],
      [
        [3, 4, 5],
        [1, 6, 7, 8, 9],
      ],
    );
    assert.match(String(rows.find(({ dead_ms }) => dead_ms !== null)?.last_error), /queue was full/);
    await webhooks.close();
    assert.ok(sent().length > 0 && clock.timers === 0);
  });
});

describe('after a restart', () => {
  it('all undelivered messages are sent in order, with their earlier waiting time counted', async () => {
    const first = await setUp();
    first.http.answer = () => ({ status: 500 });
    await first.enter('/a', [1, 2, 3]);
    await first.clock.advanceAsync(60_000, 500);
    await first.webhooks.close();
    const { clock, store } = first;
    const [row] = await store.read('SELECT attempts, waited_ms FROM webhook_deliveries ORDER BY id');
    assert.ok(Number(row?.attempts) > 3 && Number(row?.waited_ms) >= 60_000);

    clock.stepWall(50 * 365 * 24 * HOUR_MS);
    const second = await setUp({}, { clock, store });
    await clock.advanceAsync(20);
    assert.deepEqual(second.sent(), ['/a 1', '/a 2', '/a 3'], 'a clock that was set gives nothing up');
    assert.deepEqual(await store.read('SELECT * FROM webhook_deliveries'), []);
    await second.webhooks.close();
  });

  it('a delivery that was in progress at the end is sent again, and not counted as a failure', async () => {
    const { enter, http, clock, store, webhooks } = await setUp();
    http.answer = () => new Promise(() => undefined);
    await enter('/a', [1]);
    const closed = webhooks.close();
    await clock.advanceAsync(2100, 100);
    await closed;
    assert.deepEqual(
      (await store.read('SELECT attempts FROM webhook_deliveries')).map(({ attempts }) => attempts),
      [0],
    );
    assert.equal(clock.timers, 0);
  });
});

it('every message arrives in the order of its source, whatever fails and whenever it is killed', async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const random = seededRandom(seed);
    const clock = new SimulatedClock();
    const arrived = new Map<string, number[]>();
    let life = await setUp({ maxConcurrent: 3 }, { clock });
    const { store } = life;
    const receive = (request: HttpRequest): Partial<HttpReply> => {
      const chance = random.float();
      if (chance < 0.2) throw new Error('ECONNRESET');
      if (chance < 0.4) return { status: 503, headers: { 'retry-after': '1' } };
      const [source = '', number = ''] = summary(request).split(' ');
      const numbers = arrived.get(source) ?? [];
      if (!numbers.includes(Number(number))) arrived.set(source, [...numbers, Number(number)]);
      // A lost reply: the message arrived, but the sender does not know.
      if (chance < 0.5) throw new Error('ECONNRESET');
      return {};
    };
    for (let round = 0; round < 6; round++) {
      life.http.answer = receive;
      for (const source of ['/a', '/b', '/c', '/d'])
        await life.enter(source, [3 * round, 3 * round + 1, 3 * round + 2]);
      await clock.advanceAsync(random.float() * 5000, 100);
      await life.webhooks.close();
      life = await setUp({ maxConcurrent: 3 }, { clock, store });
    }
    life.http.answer = receive;
    await clock.advanceAsync(1_800_000, 1000);
    const all = Array.from({ length: 18 }, (_, n) => n);
    assert.deepEqual([...arrived.values()], [all, all, all, all], `seed ${seed}`);
    assert.deepEqual(await store.read('SELECT id FROM webhook_deliveries'), []);
    await life.webhooks.close();
    assert.equal(clock.timers, 0);
  }
});

describe('a dead letter', () => {
  it('is delivered on request, alone or with others, as the same message', async () => {
    const { enter, http, sent, clock, webhooks } = await setUp();
    http.answer = () => ({ status: 410 });
    await enter('/a', [1, 2]);
    await enter('/b', [3], OTHER);
    assert.deepEqual([sent().length, webhooks.facts().dead], [3, 3]);
    const [first] = await webhooks.list({ status: 'dead', source: '/a', after: 0, limit: 10 });
    http.answer = () => ({});
    assert.equal(await webhooks.redeliver({ id: first!.id }), 1);
    await clock.advanceAsync(5);
    assert.deepEqual(sent().slice(3), ['/a 1']);
    assert.equal(http.requests[3]?.headers['webhook-id'], http.requests[0]?.headers['webhook-id']);
    assert.equal(await webhooks.redeliver({ targetId: first!.targetId }), 1);
    assert.equal(await webhooks.redeliver({}), 1);
    await clock.advanceAsync(5);
    assert.deepEqual(sent().slice(4), ['/a 2', '/b 3']);
    assert.deepEqual([await webhooks.redeliver({}), webhooks.facts().dead], [0, 0]);
    await webhooks.close();
  });

  it('can be removed, and so can waiting deliveries', async () => {
    const { enter, http, sent, clock, webhooks } = await setUp();
    http.answer = answering({ '/a 1': { status: 410 }, '/a 2': { status: 500 } });
    await enter('/a', [1, 2, 3]);
    const [dead, retried, queued] = await webhooks.list({ after: 0, limit: 10 });
    assert.deepEqual([dead?.deadMs === undefined, retried?.attempts, queued?.attempts], [false, 1, 0]);
    assert.deepEqual(await Promise.all([dead, retried].map((row) => webhooks.drop(row!.id))), [true, true]);
    assert.equal(await webhooks.drop(dead!.id), false);
    await clock.advanceAsync(1200, 50);
    assert.deepEqual(sent(), ['/a 1', '/a 2', '/a 3']);
    assert.deepEqual([webhooks.facts().dead, await webhooks.list({ after: 0, limit: 10 })], [0, []]);
    await webhooks.close();
  });
});

it('deliveries that cannot be read from disk wait until they can, which is reported', async () => {
  const { enter, sent, store, clock, logged, webhooks } = await setUp();
  const read = store.read.bind(store);
  store.read = () => Promise.reject(new Error('the disk is gone'));
  await enter('/a', [1]);
  await clock.advanceAsync(10_000, 500);
  assert.deepEqual(logged, [
    'warn: Queued webhooks cannot be read, and are not delivered until then: Error: the disk is gone',
  ]);
  store.read = read;
  await clock.advanceAsync(1100, 100);
  assert.deepEqual(sent(), ['/a 1']);
  await webhooks.close();
});

describe('a test delivery', () => {
  it('is sent once and its result returned', async () => {
    const { webhooks, http, clock, names } = await setUp();
    const { signal } = new AbortController();
    http.answer = () => ({ status: 418, body: 'a teapot' });
    const { durationMs, ...fired } = await webhooks.fire(RECEIVER, eventOf('/a', 1, 1), signal);
    assert.deepEqual(fired, {
      delivered: false,
      error: 'HTTP 418: a teapot',
      status: 418,
      reply: 'a teapot',
      address: '8.8.8.8',
    });
    assert.equal(durationMs, 0);
    names.addresses['receiver.example'] = ['::1'];
    clock.advance(11_000);
    const refused = await webhooks.fire(RECEIVER, eventOf('/a', 1, 1), signal);
    assert.match(refused.error ?? '', /is at ::1, a loopback address/);
    assert.deepEqual([refused.address, http.requests.length], [undefined, 1]);
    await clock.advanceAsync(10_000, 1000);
    assert.deepEqual(http.requests.map(summary), ['/a 1']);
    await webhooks.close();
  });

  it('stops when its client disconnects, and is limited in number', async () => {
    const { webhooks, http } = await setUp();
    http.answer = () => new Promise(() => undefined);
    const client = new AbortController();
    const fire = (owner: string) => webhooks.fire(RECEIVER, eventOf('/a', 1, 1), client.signal, owner);
    const fires = Array.from({ length: 5 }, () => fire('user:greedy'));
    assert.match((await fires[4])?.error ?? '', /4 tests are in progress/);
    void fire('user:other');
    assert.deepEqual(webhooks.tests.figures(), { held: 5, capacity: 8, owners: 2, largest: 4, refused: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    client.abort();
    assert.deepEqual(
      (await Promise.all(fires)).map(({ delivered }) => delivered),
      [false, false, false, false, false],
    );
    await webhooks.close();
  });
});

describe('targets', () => {
  it('are removed from disk with their secrets a day after their last delivery', async () => {
    const { enter, store, clock, webhooks } = await setUp();
    await enter('/a', [1], { ...RECEIVER, secret: 'sixteen letters!' });
    await enter('/a', [2], { ...RECEIVER, secret: 'sixteen letters!' });
    const count = async () => (await store.read('SELECT * FROM webhook_targets')).length;
    assert.deepEqual([await count(), webhooks.facts().targets.length], [1, 1]);
    await clock.advanceAsync(12 * HOUR_MS, 60_000);
    assert.equal(await count(), 1);
    await clock.advanceAsync(13 * HOUR_MS, 60_000);
    assert.deepEqual([await count(), webhooks.facts().targets.length], [0, 0]);
    assert.equal(webhooks.facts().delivered, 2, 'what was counted stays');
    await webhooks.close();
  });

  it('without waiting deliveries are remembered up to a limit', async () => {
    const { webhooks, store, clock } = await setUp({ maxQueued: 10_000, maxPerSecond: 10_000 });
    const to = (n: number) => webhooks.outboxStatements({ url: `http://8.8.8.8/${n}` }, eventOf('/a', n, n));
    await store.write(Array.from({ length: 1100 }, (_, n) => n).flatMap(to));
    webhooks.wake();
    await clock.advanceAsync(1000, 10);
    await store.write(to(2000));
    webhooks.wake();
    await clock.advanceAsync(100, 10);
    const { targets, delivered } = webhooks.facts();
    assert.deepEqual([targets.length, delivered], [1001, 1101]);
    await webhooks.close();
  });

  it('with invalid settings are reported', async () => {
    const { logged, webhooks } = await setUp({ allowedTargets: ['lan', '10.0.0'] });
    assert.deepEqual(logged, [
      'warn: webhooks.allowed_targets: not a name, address or range: 10.0.0. The entry is ignored',
    ]);
    assert.match(webhooks.problemOf({ url: 'http://10.0.0.1/' }) ?? '', /allowed_targets/);
    assert.match(webhooks.problemOf({ url: 'ftp://x' }) ?? '', /`https:` or `http:`/);
    assert.equal(webhooks.problemOf(RECEIVER), undefined);
    await webhooks.close();
  });
});
