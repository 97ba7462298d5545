import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { callContext } from '../providers/call-context.ts';
import type { LogScope } from './log-provider.ts';
import { LogStore } from './log-store.ts';
import { storedLogs } from './stored-logs.ts';

const call = callContext({ clock: new SimulatedClock(), timeoutMs: 1000 });

function setUp(loggers: readonly string[], entities: readonly string[] = []) {
  const logged: string[] = [];
  const store = new LogStore({ entriesPerLogger: 1, onFull: () => undefined });
  const { keep, provider } = storedLogs({
    store,
    isEntity: (key) => entities.includes(key),
    logged: ({ logger }) => logged.push(logger),
  });
  for (const logger of loggers) keep({ timestampNs: 0n, severity: 'info', logger, message: '' });
  const loggersOf = async (scope: Partial<LogScope>) => {
    const query = { minimum: 'debug', context: '', limit: 100 } as const;
    const entries = await provider.list('/any', { sources: [], namespaces: [], ...scope }, query, call);
    return entries.map(({ logger }) => logger);
  };
  return { logged, provider, loggersOf };
}

describe('the log of an entity', () => {
  it('has the entries of its loggers and of loggers below them that belong to no other entity', async () => {
    const { loggersOf } = setUp(
      ['arm', 'arm.rclcpp', 'arm.gripper', 'arm.gripper.pid', 'army'],
      ['arm', 'arm.gripper'],
    );
    assert.deepEqual(await loggersOf({ sources: ['/arm'] }), ['arm', 'arm.rclcpp']);
    assert.deepEqual(await loggersOf({ sources: ['/arm/gripper'] }), ['arm.gripper', 'arm.gripper.pid']);
    assert.deepEqual(await loggersOf({ sources: ['/elsewhere'] }), []);
  });

  it('of a namespace has all entries below it, and of the root all entries', async () => {
    const { loggersOf } = setUp(['a', 'a.b', 'a.b.c', 'a.bc.d', 'ab']);
    assert.deepEqual(await loggersOf({ namespaces: ['/a/b'] }), ['a.b.c']);
    assert.deepEqual(await loggersOf({ namespaces: ['/a'] }), ['a.b', 'a.b.c', 'a.bc.d']);
    assert.equal((await loggersOf({ namespaces: ['/'] })).length, 5);
    assert.deepEqual(await loggersOf({ sources: ['/a/b'], namespaces: ['/a/b'] }), ['a.b', 'a.b.c'], 'each once');
  });

  it('accepts notes about other entities, and emits every entry', async () => {
    const { logged, provider, loggersOf } = setUp(['arm.gripper']);
    const note = { timestampNs: 5n, severity: 'error', message: 'too hot' } as const;
    assert.equal((await provider.add('/arm/gripper', note, call)).sequence, 2);
    assert.deepEqual(await loggersOf({ sources: ['/arm/gripper'] }), ['arm.gripper']);
    assert.deepEqual(logged, ['arm.gripper', 'arm.gripper']);
    assert.equal((await provider.add('apps/valve', note, call)).logger, 'valve', 'as it is asked for');
  });

  it('rejects a note of a new logger if the store has its maximum of loggers', async () => {
    const { provider } = setUp(Array.from({ length: 10 }, (_, n) => `n${n}`));
    const note = { timestampNs: 5n, severity: 'error', message: '' } as const;
    await assert.rejects(provider.add('/other', note, call), { code: 'service-unavailable' });
  });
});
