import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { callContext } from '../providers/call-context.ts';
import { app } from '../testing/entities.ts';
import { faultEvent } from '../testing/memory-faults.ts';
import { type MemoryRuntimeOptions, memoryRuntime } from '../testing/memory-runtime.ts';
import { errorOf } from '../testing/rejection.ts';
import { openModel } from './model.ts';

/** Lets pending callbacks run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const never = (): Promise<never> => new Promise(() => undefined);

/** A runtime `yard` with two apps that answers unless it is turned off. The clock is at the first second of 2026. */
async function setUp(options: MemoryRuntimeOptions = { origin: 'yard' }) {
  const clock = new SimulatedClock();
  clock.advance(1000);
  let isOff = false;
  let queries = 0;
  const yard = memoryRuntime({
    name: 'yard',
    apps: [app('crane'), app('gate')],
    onCall: () => {
      queries += 1;
      return isOff ? never() : undefined;
    },
    ...options,
  });
  const model = await openModel({ runtimes: [yard], clock, log: () => undefined });
  const list = async (nativeId = 'crane') =>
    model.provider('yard')?.data?.list(nativeId, callContext({ clock, timeoutMs: 1000 })) ?? [];
  const turn = (off: boolean): void => {
    isOff = off;
  };
  /** Makes five consecutive calls that get no answer. */
  const fallSilent = async () => {
    turn(true);
    for (let call = 0; call < 5; call += 1) {
      const late = errorOf(list(call % 2 === 0 ? 'crane' : 'gate'));
      clock.advance(1000);
      assert.equal((await late).code, 'not-responding');
    }
  };
  return { clock, model, yard, list, turn, fallSilent, queries: () => queries, state: () => model.stateOf('yard') };
}

describe('a runtime at another gateway', () => {
  it('is silent since the first unanswered call, and later calls fail without waiting', async () => {
    const { clock, model, list, fallSilent, state, queries } = await setUp();
    const startedMs = clock.wallMs();
    assert.deepEqual(state(), { state: 'running', sinceMs: startedMs });
    clock.advance(60_000);
    await fallSilent();
    assert.deepEqual(state(), { state: 'silent', sinceMs: startedMs + 60_000 });
    const before = queries();
    const { code, message, parameters } = await errorOf(list());
    assert.equal(queries(), before);
    assert.equal(message, 'yard has not answered since 2026-01-01T00:01:01.000Z; try again in a few seconds');
    assert.deepEqual(
      [code, parameters],
      [
        'service-unavailable',
        { runtime: 'yard', owner: 'crane', since: '2026-01-01T00:01:01.000Z', retry_after_ms: 5000 },
      ],
    );
    const { warnings } = await model.health();
    assert.deepEqual(
      warnings.map(({ code, peerNames }) => [code, peerNames]),
      [['runtime_silent', ['yard']]],
    );
    assert.match(warnings[0]?.message ?? '', /has not answered since 2026-01-01T00:01:01/);
  });

  it('is probed by one call after a while, whose answer marks it as running again', async () => {
    const { clock, list, turn, fallSilent, state } = await setUp();
    await fallSilent();
    turn(false);
    clock.advance(4999);
    await errorOf(list());
    clock.advance(1);
    await list();
    assert.equal(state()?.state, 'running');
    await Promise.all([list(), list('gate')]);
  });

  it('is running again as soon as it sends anything by itself', async () => {
    const { yard, list, turn, fallSilent, state } = await setUp();
    await fallSilent();
    turn(false);
    yard.announce(faultEvent(1));
    assert.equal(state()?.state, 'running');
    await list('pier');
  });
});

describe('a runtime of this gateway', () => {
  it('is never silent: an entity that does not answer is suspended individually', async () => {
    const { list, turn, fallSilent, state } = await setUp({});
    await fallSilent();
    turn(false);
    assert.equal(state()?.state, 'running');
    await list('pier');
  });

  it('is starting, running or failed, each with a start time', async () => {
    const plugged = Promise.withResolvers<void>();
    const clock = new SimulatedClock();
    const slow = memoryRuntime({ name: 'slow', onStart: () => plugged.promise });
    const broken = memoryRuntime({ name: 'broken', onStart: () => Promise.reject(new Error('no power')) });
    const opening = openModel({ runtimes: [slow, broken], clock, log: () => undefined });
    const startedMs = clock.wallMs();
    await settled();
    clock.advance(10_000);
    const model = await opening;
    assert.deepEqual(model.stateOf('slow'), { state: 'starting', sinceMs: startedMs });
    assert.deepEqual(model.stateOf('broken'), { state: 'failed', sinceMs: startedMs });
    plugged.resolve();
    await settled();
    assert.deepEqual(model.stateOf('slow'), { state: 'running', sinceMs: startedMs + 10_000 });
    await model.close();
    assert.deepEqual([model.stateOf('slow')?.state, model.stateOf('nobody')], ['gone', undefined]);
  });
});
