import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { callContext } from '../providers/call-context.ts';
import type { DataProvider } from '../providers/data-provider.ts';
import type { LifecycleProvider } from '../providers/lifecycle-provider.ts';
import { type Gate, guardedProviders } from './guarded-providers.ts';

const call = callContext({ clock: new SimulatedClock(), timeoutMs: 100 });

/** A gate that lets all calls pass and records them. */
function openGate() {
  const passed: string[] = [];
  const gate: Gate = {
    call: (provider, nativeId, context, work) => {
      passed.push(`call ${provider} ${nativeId}`);
      return work(context);
    },
    change: (provider, nativeId, context, work) => {
      passed.push(`change ${provider} ${nativeId}`);
      return work(context);
    },
    watch: async (provider, nativeId, context, work) => {
      passed.push(`watch ${provider} ${nativeId}`);
      return work(context);
    },
  };
  return { gate, passed };
}

describe('guarded providers', () => {
  it('have the inherited methods of a provider, called on the provider', async () => {
    class Valves implements LifecycleProvider {
      readonly #status = 'ready';
      status: LifecycleProvider['status'] = async () => ({ status: this.#status, actions: [] });
      async change(): Promise<void> {
        assert.equal(this.#status, 'ready');
      }
    }
    const { gate, passed } = openGate();
    const { lifecycle } = guardedProviders({ lifecycle: new Valves() }, gate);
    assert.equal((await lifecycle?.status('valve', call))?.status, 'ready');
    await lifecycle?.change('valve', 'start', call);
    assert.deepEqual(passed, ['call lifecycle valve', 'change lifecycle valve']);
  });

  it('have only methods of a provider, and only those that the provider has', () => {
    const data = {
      list: async () => [],
      read: assert.fail,
      write: assert.fail,
      drain: () => 'all of it',
      watch: undefined,
    };
    const guarded = guardedProviders({ data, tanks: data } as unknown as { data: DataProvider }, openGate().gate);
    assert.deepEqual([Object.keys(guarded), Object.keys(guarded.data ?? {})], [['data'], ['list', 'read', 'write']]);
  });

  it('route watches and single calls to different methods of the guard', async () => {
    const { gate, passed } = openGate();
    const watch: DataProvider['watch'] = async () => ({ close: async () => undefined });
    const list: DataProvider['list'] = async () => [];
    const { data } = guardedProviders({ data: { list, read: assert.fail, write: assert.fail, watch } }, gate);
    await data?.watch?.('tank', 'level', () => undefined, call);
    await data?.list('tank', call);
    assert.deepEqual(passed, ['watch data tank', 'call data tank']);
  });

  it('forward a request as a change unless it is read-only', async () => {
    const { gate, passed } = openGate();
    const reply = { status: 204, headers: {}, body: Readable.from([]), close: () => undefined };
    const { forwarding } = guardedProviders({ forwarding: { send: async () => reply } }, gate);
    for (const method of ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const) {
      await forwarding?.send('apps/arm', { method, path: '', query: '', headers: {} }, call);
    }
    assert.deepEqual(
      passed.map((line) => line.split(' ')[0]),
      ['call', 'call', 'change', 'change', 'change'],
    );
  });
});
