import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { CallOptions, KnownParameter, ParameterValue } from '@medkit/ros2';
import { type HintClient, readHint } from './read-hint.ts';

const text = (value: string): ParameterValue => ({ type: 'string', value });

/** Simulates a node with these parameters; parameters without a value are declared but not set. */
function node(values: Readonly<Record<string, ParameterValue | undefined>>, takesMs = 0) {
  const clock = new SimulatedClock();
  const calls: { readonly call: string; readonly timeoutMs: number }[] = [];
  const called = (call: string, { timeoutMs }: CallOptions) => {
    calls.push({ call, timeoutMs });
    clock.advance(takesMs);
  };
  const client: HintClient = {
    list: async (_, options) => {
      called('list', options);
      return { names: Object.keys(values), prefixes: [] };
    },
    get: async (names, options) => {
      called('get', options);
      const found = names.flatMap((name) => values[name] ?? []);
      return found.length === names.length ? found : undefined;
    },
    read: async (names, options) => {
      called('read', options);
      return names.flatMap((name) => {
        const value = values[name];
        return value ? [{ name, value } as KnownParameter] : [];
      });
    },
    close: async () => undefined,
  };
  const read = () => readHint(client, { prefix: 'p', clock, timeoutMs: 2000 });
  return { read, calls };
}

describe('3.3 reading a hint', () => {
  it('3.3: calls list and get, and returns no hint if the node has no such parameters', async () => {
    const lidar = node({ 'p.entity_id': text('lidar'), 'p.hostname': text('amr'), gain: text('1') });
    assert.equal((await lidar.read())?.hostname, 'amr');
    assert.deepEqual(
      lidar.calls.map(({ call }) => call),
      ['list', 'get'],
    );
    const silent = node({ gain: text('1'), 'p.hostname': text('amr') });
    assert.equal(await silent.read(), undefined);
    assert.deepEqual(
      silent.calls.map(({ call }) => call),
      ['list'],
    );
  });

  it('3.3: a parameter without a value, for which a node leaves its answer empty, hides none of the others', async () => {
    const lidar = node({ 'p.entity_id': text('lidar'), 'p.hostname': undefined, 'p.stable_id': text('front') });
    const hint = await lidar.read();
    assert.deepEqual([hint?.entityId, hint?.hostname, hint?.stableId], ['lidar', '', 'front']);
  });

  it('3.3 [weak]: all calls together have the time of one poll', async () => {
    const lidar = node({ 'p.entity_id': text('lidar') }, 700);
    await lidar.read();
    assert.deepEqual(
      lidar.calls.map(({ timeoutMs }) => timeoutMs),
      [2000, 1300],
    );
  });
});
