import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import { type CallContext, callContext } from '../providers/call-context.ts';
import { GATEWAY } from '../providers/principal.ts';
import { Guard } from './guard.ts';

function setUp() {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const guard = new Guard({ runtime: 'plc', clock, log: (_, message) => logged.push(message) });
  const within = (timeoutMs: number, fields: Partial<CallContext> = {}) => callContext({ clock, timeoutMs, ...fields });
  return { clock, logged, guard, within };
}

const never = (): Promise<never> => new Promise(() => undefined);
const sinceIs = (since: string) => (error: unknown) =>
  error instanceof SovdError && error.parameters?.['since'] === since;
const codeIs = (code: string) => (error: unknown) => error instanceof SovdError && error.code === code;

// If the guard forgets a call, nothing else ends its wait, so the suite has a timeout.
describe('guard before a provider', { timeout: 20_000 }, () => {
  it('returns an answer and removes the state of the owner', async () => {
    const { guard, within } = setUp();
    assert.equal(await guard.call('tank', within(100), () => Promise.resolve(7)), 7);
    assert.equal(guard.ownersRemembered, 0);
  });

  it('returns an available value immediately, with no timer and no signal', async () => {
    const { guard, clock, within } = setUp();
    const waiting = {
      isAbandoned: false,
      get signal(): AbortSignal {
        return assert.fail('no signal is needed');
      },
    };
    const call = callContext({ clock, timeoutMs: 100, waiting });
    assert.equal(
      guard.call('tank', call, () => 7),
      7,
    );
    assert.equal(guard.ownersRemembered, 0);
    let calls = 0;
    for (let failure = 0; failure < 7; failure++) {
      const broken = guard.call('pump', within(100), () => {
        calls++;
        throw new Error('no pressure');
      });
      await assert.rejects(async () => broken);
    }
    assert.equal(calls, 5, 'what fails at once is left alone after a while as well');
  });

  it('does not call the provider if the client has disconnected', async () => {
    const { guard, clock } = setUp();
    const waiting = { isAbandoned: true, signal: new AbortController().signal };
    const gone = guard.call('tank', callContext({ clock, timeoutMs: 100, waiting }), () => assert.fail('not called'));
    await assert.rejects(async () => gone, codeIs('service-unavailable'));
  });

  it('ends a call at its deadline and aborts the signal of the provider', async () => {
    const { guard, clock, within } = setUp();
    let signal: AbortSignal | undefined;
    const call = guard.call('tank', within(100), (guarded) => {
      signal = guarded.signal;
      return never();
    });
    clock.advance(99);
    assert.equal(signal?.aborted, false);
    clock.advance(1);
    await assert.rejects(call, codeIs('not-responding'));
    assert.equal(signal?.aborted, true);
  });

  it('fails a change without an answer as one of unknown outcome', async () => {
    const { guard, clock, within } = setUp();
    const call = async () => guard.change('tank', within(100), never);
    const [late, gone] = [call(), call()];
    guard.end(new SovdError({ code: 'service-unavailable', message: 'The plugin has ended' }));
    for (const change of [gone, late]) {
      await assert.rejects(change, (error) => {
        assert.ok(codeIs('x-medkit-outcome-unknown')(error));
        const { status, parameters } = error as SovdError;
        assert.deepEqual(
          [status, parameters?.['owner'], parameters?.['details']],
          [504, 'tank', 'The plugin has ended'],
        );
        return true;
      });
    }
    const slow = call();
    clock.advance(100);
    await assert.rejects(slow, codeIs('x-medkit-outcome-unknown'));
    const tooLate = within(10);
    clock.advance(10);
    await assert.rejects(
      async () => guard.change('tank', tooLate, () => assert.fail('not called')),
      codeIs('not-responding'),
    );
  });

  it('shows an aborted signal to a provider that reads it only after the deadline', async () => {
    const { guard, clock, within } = setUp();
    let guarded: CallContext | undefined;
    const call = guard.call('tank', within(100), (context) => {
      guarded = context;
      return never();
    });
    clock.advance(100);
    await assert.rejects(call, codeIs('not-responding'));
    assert.equal(guarded?.signal.aborted, true);
  });

  it('rejects a call immediately if its deadline has passed', async () => {
    const { guard, clock, within } = setUp();
    const call = within(10);
    clock.advance(10);
    await assert.rejects(
      guard.call('tank', call, () => assert.fail('not called')),
      codeIs('not-responding'),
    );
  });

  it('returns intentional errors of the provider and hides defects', async () => {
    const { guard, within, logged } = setUp();
    const gone = new SovdError({ code: 'resource-not-found' });
    await assert.rejects(
      guard.call('tank', within(100), () => Promise.reject(gone)),
      gone,
    );
    const defect = guard.call('tank', within(100), () => {
      throw new Error('secret path');
    });
    await assert.rejects(defect, (error) => codeIs('internal-error')(error) && !String(error).includes('secret'));
    assert.match(logged.join(), /secret path/);
  });

  it('stops calling an owner after five failures in a row, and no other owner', async () => {
    const { guard, clock, within } = setUp();
    const fail = () => guard.call('tank', within(100), () => Promise.reject(new Error('broken')));
    for (let call = 0; call < 5; call++) await assert.rejects(fail(), codeIs('internal-error'));
    await assert.rejects(fail(), codeIs('service-unavailable'));
    assert.equal(await guard.call('pump', within(100), () => Promise.resolve('fine')), 'fine');

    clock.advance(5000);
    await assert.rejects(fail(), codeIs('internal-error'), 'one call may try');
    await assert.rejects(fail(), codeIs('service-unavailable'), 'and its failure closes the door again');

    clock.advance(5000);
    assert.equal(await guard.call('tank', within(100), () => Promise.resolve('back')), 'back');
    for (let call = 0; call < 5; call++) await assert.rejects(fail(), codeIs('internal-error'), 'all is forgiven');
  });

  it('lets only one call probe an owner that is suspended', async () => {
    const { guard, clock, within } = setUp();
    for (let call = 0; call < 5; call++) {
      await assert.rejects(guard.call('tank', within(100), () => Promise.reject(new Error('broken'))));
    }
    clock.advance(5000);
    const answer = Promise.withResolvers<string>();
    const trial = guard.call('tank', within(100), () => answer.promise);
    await assert.rejects(guard.call('tank', within(100), never), codeIs('service-unavailable'));
    answer.resolve('back');
    assert.equal(await trial, 'back');
  });

  it('does not count intentional errors as failures of an owner', async () => {
    const { guard, within } = setUp();
    for (const code of ['resource-not-found', 'internal-error'] as const) {
      for (let call = 0; call < 10; call++) {
        const refused = guard.call('tank', within(100), () => Promise.reject(new SovdError({ code })));
        await assert.rejects(refused, codeIs(code));
      }
    }
  });

  it('limits the pending calls to one owner, including abandoned ones', async () => {
    const { guard, clock, within } = setUp();
    const calls = Array.from({ length: 256 }, () => guard.call('tank', within(100), never));
    const ended = Promise.allSettled(calls);
    clock.advance(100);
    assert.ok((await ended).every(({ status }) => status === 'rejected'));
    clock.advance(10_000);
    await assert.rejects(guard.call('tank', within(100), never), /256 pending requests/);
    assert.equal(await guard.call('pump', within(100), () => Promise.resolve('fine')), 'fine');
  });

  it('leaves calls to other clients while one client calls an owner that does not answer', async () => {
    const { guard, clock, within } = setUp();
    const by = (id: string) => within(100, { principal: { ...GATEWAY, kind: 'user', id } });
    const calls = Array.from({ length: 128 }, () => guard.call('tank', by('user:greedy'), never));
    const ended = Promise.allSettled(calls);
    await assert.rejects(guard.call('tank', by('user:greedy'), never), codeIs('service-unavailable'));
    assert.equal(await guard.call('tank', by('user:other'), () => Promise.resolve('fine')), 'fine');
    const { held, capacity, largest, refused } = guard.figures();
    assert.deepEqual([held, capacity, largest, refused], [128, 256, 128, 1]);
    clock.advance(100);
    await ended;
  });

  it('aborts a call when its client disconnects, without counting a failure', async () => {
    const { guard, within } = setUp();
    for (let call = 0; call < 10; call++) {
      const client = new AbortController();
      let isAborted = false;
      const pending = guard.call('tank', within(100, { signal: client.signal }), (guarded) => {
        guarded.signal.addEventListener('abort', () => {
          isAborted = true;
        });
        return never();
      });
      client.abort();
      await assert.rejects(pending);
      assert.equal(isAborted, true);
    }
    assert.equal(await guard.call('tank', within(100), () => Promise.resolve('fine')), 'fine');
  });

  it('ignores a late failure', async () => {
    const { guard, clock, within } = setUp();
    const late = Promise.withResolvers<never>();
    const call = guard.call('tank', within(10), () => late.promise);
    clock.advance(10);
    await assert.rejects(call, codeIs('not-responding'));
    late.reject(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('reports since when an owner has failed, with its error and whether it is suspended', async () => {
    const { guard, clock, within } = setUp();
    clock.advance(500);
    const late = (): Promise<unknown> => {
      const call = assert.rejects(guard.call('tank', within(100), never), sinceIs('2026-01-01T00:00:00.500Z'));
      clock.advance(100);
      return call;
    };
    for (let call = 0; call < 5; call++) await late();
    await assert.rejects(guard.call('tank', within(100), never), sinceIs('2026-01-01T00:00:00.500Z'));
  });
});

describe('guard before a watch', { timeout: 20_000 }, () => {
  /** Opens a watch for a client. Records the signal that the provider received. */
  async function watched() {
    const { guard, clock, within } = setUp();
    const client = new AbortController();
    const observed: { signal?: AbortSignal; closed: number } = { closed: 0 };
    const watch = await guard.watch('tank', within(100, { signal: client.signal }), async ({ signal }) => {
      observed.signal = signal;
      return { kept: async () => undefined, close: async () => void observed.closed++ };
    });
    return { clock, client, observed, watch };
  }

  it('lets the watch outlive the deadline, which limits only its start, and end with its client', async () => {
    const { clock, client, observed } = await watched();
    clock.advance(100_000);
    assert.equal(observed.signal?.aborted, false);
    client.abort();
    assert.equal(observed.signal?.aborted, true);
  });

  it('stops observing the client when the watch is closed', async () => {
    const { client, observed, watch } = await watched();
    assert.equal(getEventListeners(client.signal, 'abort').length, 1);
    await watch.close();
    assert.deepEqual([getEventListeners(client.signal, 'abort').length, observed.closed], [0, 1]);
    client.abort();
    assert.equal(observed.signal?.aborted, false);
  });

  it('rejects a watch that has not started by the deadline, and removes its abort listener', async () => {
    const { guard, clock, within } = setUp();
    const client = new AbortController();
    const watch = guard.watch('tank', within(100, { signal: client.signal }), never);
    clock.advance(100);
    await assert.rejects(watch, codeIs('not-responding'));
    assert.equal(getEventListeners(client.signal, 'abort').length, 0);
  });
});
