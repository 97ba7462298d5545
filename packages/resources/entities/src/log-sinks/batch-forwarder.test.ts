import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogEntry } from '@medkit/core';
import { type HttpReply, seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedHttp } from '@medkit/edges/testing';
import { BatchForwarder } from './batch-forwarder.ts';
import { type LogSink, logCharacters, verdictOfStatus } from './log-sink.ts';

/** A sink whose request body is the messages separated by commas. */
const sink: LogSink = {
  name: 'plain',
  title: 'Log sink plain',
  charactersOf: logCharacters,
  origin: 'http://logs',
  request: (entries) => ({
    url: 'http://logs/push',
    headers: { Authorization: 'secret' },
    body: entries.map(({ message }) => message).join(),
  }),
  verdict: verdictOfStatus,
};

function setUp(request: Partial<ReturnType<LogSink['request']>> = {}) {
  const clock = new SimulatedClock();
  const http = new SimulatedHttp();
  const logged: string[] = [];
  const forwarder = new BatchForwarder({
    sink: { ...sink, request: (entries) => ({ ...sink.request(entries), ...request }) },
    http,
    clock,
    random: seededRandom(5),
    log: (level, message) => logged.push(`${level}: ${message}`),
  });
  let sequence = 0;
  const offer = (message: string) => {
    const entry: LogEntry = { sequence: ++sequence, timestampNs: 0n, severity: 'info', logger: 'a', message };
    forwarder.offer(entry);
  };
  const bodies = () => http.requests.map(({ body }) => String(body));
  const answers = (...replies: (Partial<HttpReply> | Error)[]) => {
    http.answer = () => {
      const reply = replies.shift() ?? {};
      if (reply instanceof Error) throw reply;
      return reply;
    };
  };
  return { clock, http, logged, forwarder, offer, bodies, answers };
}

describe('a log forwarder', () => {
  it('never shows a secret of its requests, not even in part, whatever the sink answers', async () => {
    const { clock, forwarder, offer, answers, logged } = setUp({
      url: 'http://logs/push?api_key=k3y-of-the-robot',
      headers: { Authorization: 'Bearer very-secret-token' },
    });
    const repeated = 'Authorization: Bearer very-secret-token to /push?api_key=k3y-of-the-robot';
    const long = `${'x'.repeat(190)} very-secret-token`;
    answers({ status: 401, body: repeated }, { status: 503, body: long }, new Error(`failed: ${repeated}`));
    for (let time = 0; time < 3; time += 1) {
      offer('a');
      await clock.advanceAsync(120_000, 1000);
      assert.match(String(forwarder.state().last_error), /…/);
      assert.doesNotMatch(`${forwarder.state().last_error} ${logged.join(' ')}`, /very-|k3y/);
    }
  });

  it('sends the entries of one second together', async () => {
    const { clock, forwarder, offer, bodies } = setUp();
    offer('a');
    await clock.advanceAsync(900, 100);
    offer('b');
    assert.deepEqual(bodies(), []);
    await clock.advanceAsync(200, 100);
    assert.deepEqual(bodies(), ['a,b']);
    offer('c');
    await clock.advanceAsync(1100, 100);
    assert.deepEqual(bodies(), ['a,b', 'c']);
    const { state, queued, delivered_total } = forwarder.state();
    assert.deepEqual([state, queued, delivered_total], ['delivering', 0, 3]);
  });

  it('sends a full batch immediately, and splits a batch that is too long into several, one at a time', async () => {
    const { clock, http, forwarder, offer } = setUp();
    const first = Promise.withResolvers<object>();
    http.answer = () => first.promise;
    for (let n = 0; n < 1200; n++) offer('x');
    assert.equal(http.requests.length, 1);
    http.answer = () => ({});
    first.resolve({});
    await clock.advanceAsync(5);
    assert.equal(http.requests.length, 2, 'the next full batch does not linger');
    await clock.advanceAsync(1100, 100);
    assert.equal(http.requests.length, 3);
    for (let n = 0; n < 3; n++) offer('y'.repeat(300_000));
    await clock.advanceAsync(5000, 100);
    assert.equal(http.requests.length, 6);
    assert.equal(forwarder.state().delivered_total, 1203);
  });

  it('retries with growing delays, keeps the order, and logs the start and the end of the outage', async () => {
    const { clock, http, forwarder, logged, offer, bodies, answers } = setUp();
    answers(new Error('ECONNREFUSED'), { status: 503 }, { status: 500 });
    offer('a');
    const atMs: number[] = [];
    const { answer } = http;
    http.answer = (request) => {
      atMs.push(clock.monotonicMs());
      return answer(request);
    };
    await clock.advanceAsync(1010, 10);
    assert.deepEqual(
      [forwarder.state().state, forwarder.state().failures_in_a_row, forwarder.state().last_error],
      ['retrying', 1, 'ECONNREFUSED'],
    );
    assert.ok((forwarder.state().next_try_in_ms ?? 0) > 0);
    offer('b');
    await clock.advanceAsync(8000, 10);
    assert.deepEqual(bodies(), ['a', 'a', 'a', 'a', 'b']);
    const waits = atMs.slice(1, 4).map((ms, at) => ms - (atMs[at] ?? 0));
    for (const [at, longest] of [500, 1000, 2000].entries()) {
      const wait = waits[at] ?? 0;
      assert.ok(wait >= longest / 2 && wait <= longest + 20, `${waits}`);
    }
    assert.deepEqual(logged, [
      'warn: Log sink plain is not available now, entries are queued: ECONNREFUSED',
      'info: Log sink plain is available again after 3 failed attempts',
    ]);
    assert.equal(forwarder.state().delivered_total, 2);
  });

  it('waits as long as the sink requests, up to a limit', async () => {
    const { clock, bodies, offer, answers } = setUp();
    answers({ status: 429, headers: { 'retry-after': '30' } }, { status: 503, headers: { 'retry-after': '999999' } });
    offer('a');
    await clock.advanceAsync(30_000, 500);
    assert.equal(bodies().length, 1);
    await clock.advanceAsync(2000, 500);
    assert.equal(bodies().length, 2);
    await clock.advanceAsync(301_000, 5000);
    assert.equal(bodies().length, 3);
  });

  it('accepts Retry-After as a date as well', async () => {
    const { clock, bodies, offer, answers } = setUp();
    const date = new Date(clock.wallMs() + 21_000).toUTCString();
    answers({ status: 503, headers: { 'retry-after': date } });
    offer('a');
    await clock.advanceAsync(20_000, 500);
    assert.equal(bodies().length, 1);
    await clock.advanceAsync(2000, 500);
    assert.equal(bodies().length, 2);
  });

  it('drops entries that the sink rejects, counts them, and logs that once a minute', async () => {
    const { clock, forwarder, logged, offer, bodies, http } = setUp();
    http.answer = () => ({ status: 400, body: 'bad label' });
    for (let n = 0; n < 3; n++) {
      offer(`${n}`);
      await clock.advanceAsync(1100, 100);
    }
    assert.deepEqual(bodies(), ['0', '1', '2']);
    const { refused_total, delivered_total, queued, state } = forwarder.state();
    assert.deepEqual([refused_total, delivered_total, queued, state], [3, 0, 0, 'delivering']);
    assert.deepEqual(logged, ['warn: Log sink plain rejects entries, 1 so far: HTTP 400: bad label']);
    await clock.advanceAsync(60_000, 5000);
    offer('later');
    await clock.advanceAsync(1100, 100);
    assert.equal(logged.length, 2);
  });

  it('sends smaller batches after a request was too large, down to a single entry', async () => {
    const { clock, http, forwarder, offer, bodies } = setUp();
    http.answer = ({ body }) => ({ status: String(body).includes('huge') || String(body).length > 5 ? 413 : 200 });
    for (const text of ['a', 'b', 'c', 'huge', 'd']) offer(text);
    await clock.advanceAsync(60_000, 50);
    assert.deepEqual(
      bodies()
        .filter((body) => body.length <= 5 && !body.includes('huge'))
        .join(),
      'a,b,c,d',
    );
    const { refused_total, delivered_total } = forwarder.state();
    assert.deepEqual([refused_total, delivered_total], [1, 4]);
  });

  it('retains the newest undelivered entries, and counts the others', async () => {
    const { clock, http, forwarder, offer, bodies } = setUp();
    let broken = true;
    http.answer = () => {
      if (broken) throw new Error('down');
      return {};
    };
    offer('first');
    await clock.advanceAsync(1100, 100);
    for (let n = 0; n < 25_000; n++) offer(`${n}`);
    const { dropped_total, queued } = forwarder.state();
    assert.deepEqual([dropped_total, queued], [5000, 20_001]);
    assert.equal(http.requests.length, 1, 'a back-off is not cut short');
    broken = false;
    await clock.advanceAsync(10_000, 10);
    assert.equal(forwarder.state().queued, 0);
    assert.ok(bodies().at(-1)?.endsWith('24999'));
  });

  it('sends waiting entries when it is closed, and accepts no more', async () => {
    const { clock, forwarder, offer, bodies, logged } = setUp();
    for (let n = 0; n < 700; n++) offer('x');
    offer('last');
    await forwarder.close(2000);
    offer('late');
    await clock.advanceAsync(5000, 100);
    assert.equal(bodies().length, 2);
    assert.ok(bodies()[1]?.endsWith('last'));
    assert.deepEqual([logged, forwarder.state().delivered_total], [[], 701]);
  });

  it('closes in time if the sink does not answer, and leaves no timer', async () => {
    const { clock, http, forwarder, offer, logged } = setUp();
    http.answer = () => new Promise(() => undefined);
    offer('a');
    await clock.advanceAsync(1100, 100);
    offer('b');
    let closed = false;
    const closing = forwarder.close(2000).then(() => {
      closed = true;
    });
    await clock.advanceAsync(1900, 100);
    assert.equal(closed, false);
    await clock.advanceAsync(200, 100);
    await closing;
    assert.match(logged.at(-1) ?? '', /2 entries were not delivered before the gateway stopped/);
    const sent = http.requests.length;
    await clock.advanceAsync(120_000, 5000);
    assert.equal(http.requests.length, sent);
    const { dropped_total, queued } = forwarder.state();
    assert.deepEqual([dropped_total, queued], [2, 0]);
  });

  it('tries a failed sink once more when it is closed', async () => {
    const { clock, forwarder, offer, bodies, answers } = setUp();
    answers(new Error('down'));
    offer('a');
    await clock.advanceAsync(1010, 10);
    await forwarder.close(2000);
    assert.deepEqual(bodies(), ['a', 'a']);
    assert.equal(forwarder.state().delivered_total, 1);
  });
});
