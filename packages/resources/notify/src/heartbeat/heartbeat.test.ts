import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedHttp } from '@medkit/edges/testing';
import { Heartbeat } from './heartbeat.ts';

const URL = 'https://hc.example/ping/0a1b-secret';
const MINUTE = 60_000;

function setUp(healthProblem: () => string | undefined = () => undefined) {
  const [clock, http] = [new SimulatedClock(), new SimulatedHttp()];
  const logged: string[] = [];
  const heartbeat = new Heartbeat({
    url: URL,
    periodMs: MINUTE,
    http,
    clock,
    random: seededRandom(3),
    healthProblem,
    log: (level, message) => logged.push(`${level}: ${message}`),
  });
  heartbeat.start();
  return { clock, http, heartbeat, logged };
}

describe('the heartbeat', () => {
  it('sends a GET immediately and then in every period', async () => {
    const { clock, http, heartbeat } = setUp();
    await clock.advanceAsync(10 * MINUTE + 100, 100);
    assert.equal(http.requests.length, 11);
    assert.deepEqual(
      [http.requests[0]?.method, http.requests[0]?.url, http.requests[0]?.body],
      ['GET', URL, undefined],
    );
    assert.deepEqual([heartbeat.facts().sent, heartbeat.facts().origin], [11, 'https://hc.example']);
    await heartbeat.close();
    assert.equal(clock.timers, 0);
  });

  it('is withheld while the gateway cannot store faults', async () => {
    let healthProblem: string | undefined = 'the disk is full';
    const { clock, http, heartbeat } = setUp(() => healthProblem);
    await clock.advanceAsync(5 * MINUTE, 1000);
    assert.deepEqual([http.requests.length, heartbeat.facts().withheld], [0, 'the disk is full']);
    healthProblem = undefined;
    await clock.advanceAsync(MINUTE, 1000);
    assert.deepEqual([http.requests.length, heartbeat.facts().withheld], [1, undefined]);
    await heartbeat.close();
  });

  it('is retried soon and then less often if it fails, and the log hides the secret of its address', async () => {
    const { clock, http, heartbeat, logged } = setUp();
    http.answer = ({ url }) => {
      throw new Error(`connect ECONNREFUSED ${url}`);
    };
    await clock.advanceAsync(MINUTE, 100);
    const soon = http.requests.length;
    assert.ok(soon >= 4 && soon <= 8, String(soon));
    await clock.advanceAsync(10 * MINUTE, 1000);
    assert.ok(http.requests.length - soon <= 21, String(http.requests.length));
    const facts = heartbeat.facts();
    assert.ok(facts.failuresInARow === http.requests.length && facts.lastError?.includes('ECONNREFUSED'));
    assert.ok(!JSON.stringify([facts, logged]).includes('secret'));
    http.answer = () => ({ status: 200 });
    await clock.advanceAsync(MINUTE, 100);
    assert.deepEqual([heartbeat.facts().failuresInARow, heartbeat.facts().lastError], [0, undefined]);
    assert.equal(logged.length, 2);
    await heartbeat.close();
  });

  it('aborts its unanswered request when it is closed', async () => {
    const { clock, http, heartbeat } = setUp();
    http.answer = () => new Promise(() => undefined);
    await clock.advanceAsync(1000, 100);
    await heartbeat.close();
    assert.equal(clock.timers, 0);
  });
});
