import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { type Random, seededRandom } from '@medkit/edges';
import { SimulatedClock } from '@medkit/edges/testing';
import { callContext } from '../providers/call-context.ts';
import { app } from '../testing/entities.ts';
import { faultEvent } from '../testing/memory-faults.ts';
import { type MemoryRuntime, memoryRuntime } from '../testing/memory-runtime.ts';
import { type Model, openModel } from './model.ts';
import type { Runtime, RuntimeHost } from './runtime.ts';

const codeIs = (code: string) => (error: unknown) => error instanceof SovdError && error.code === code;

/** Lets pending callbacks run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function setUp(...runtimes: readonly Runtime[]) {
  const clock = new SimulatedClock();
  const model = await openModel({ runtimes, clock, log: () => undefined });
  /** The signal of a client that never disconnects. */
  const { signal } = new AbortController();
  return { clock, model, signal, call: () => callContext({ clock, timeoutMs: 1000, signal }) };
}

/** Creates a runtime with one app of the same name and exposes its host. */
function runtimeOf(
  name: string,
  { starting, stuck = false, origin }: { starting?: Promise<void>; stuck?: boolean; origin?: string } = {},
) {
  let host: RuntimeHost | undefined;
  const memory = memoryRuntime({
    name,
    records: { isEntity: () => false },
    ...(origin && { origin }),
    apps: [app(name, { address: { runtime: name, nativeId: name } })],
    data: { [name]: { speed: { value: 1 } } },
    onCall: () => (stuck ? new Promise<void>(() => undefined) : undefined),
  });
  const runtime: Runtime = {
    ...memory,
    start: async (by) => {
      host = by;
      await starting;
      await memory.start(by);
    },
  };
  /** Calls every notification of the host. */
  const chatter = (): void => {
    host?.changed();
    host?.dataChanged();
    host?.faultChanged(faultEvent(1));
    host?.record({ timestampNs: 1n, severity: 'info', logger: name, message: 'still here' });
    host?.operationChanged({ nativeId: name, operationId: 'spin', executionId: '1', status: 'aborted' });
    host?.configurationChanged({ nativeId: name, name: 'speed', to: '2', count: 1, firstNs: 1n, lastNs: 1n });
    memory.publish(name, 'speed', 2);
  };
  return { name, memory, runtime, chatter };
}

const idsOf = ({ tree }: Model): readonly string[] => tree.all('app').map(({ id }) => id);

describe('runtimes that are added and removed', () => {
  it('have their entities in the tree from their addition until their removal', async () => {
    const { model, call } = await setUp(runtimeOf('a').runtime);
    const changes: unknown[] = [];
    model.onChange(({ added, removed }) => changes.push([added, removed]));
    await model.add(runtimeOf('b').runtime);
    assert.deepEqual(
      [idsOf(model), model.runtimes],
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
    );
    assert.deepEqual((await model.provider('b')?.data?.list('b', call()))?.length, 1);
    const removing = model.remove('b');
    assert.deepEqual([idsOf(model), model.runtimes, model.provider('b')], [['a'], ['a'], undefined]);
    await removing;
    const b = { kind: 'app', id: 'b' };
    assert.deepEqual(changes, [
      [[b], []],
      [[], [b]],
    ]);
    await model.remove('nobody');
  });

  it('have unique names, which are free again once their owner is removed', async () => {
    const { model } = await setUp(runtimeOf('a').runtime);
    await assert.rejects(model.add(runtimeOf('a').runtime), /a runtime a already exists/);
    await model.remove('a');
    await model.add(runtimeOf('a').runtime);
    assert.deepEqual(idsOf(model), ['a']);
    await model.close();
    await assert.rejects(model.add(runtimeOf('b').runtime), codeIs('x-medkit-gateway-shutdown'));
  });

  it('fail pending calls with service-unavailable when they are removed, and receive no more calls', async () => {
    const { model, call } = await setUp();
    const { runtime } = runtimeOf('mute', { stuck: true });
    let signal: AbortSignal | undefined;
    const { data } = runtime.providers;
    const list: NonNullable<typeof data>['list'] = (_, context) => {
      signal = context.signal;
      return new Promise(() => undefined);
    };
    await model.add({ ...runtime, providers: { data: data && { ...data, list } } });
    const held = model.provider('mute')?.data ?? assert.fail();
    const waiting = assert.rejects(held.list('mute', call()), codeIs('service-unavailable'));
    await model.remove('mute');
    await waiting;
    assert.equal(signal?.aborted, true);
    await assert.rejects(held.list('mute', call()), (error: Error) => /mute has been removed/.test(error.message));
  });

  it('emit no more values of their watches, and leave no watch open', async () => {
    const { model, call } = await setUp();
    const { memory, runtime, chatter } = runtimeOf('plc');
    await model.add(runtime);
    const { data } = model.provider('plc') ?? assert.fail();
    const received: unknown[] = [];
    const watch = await data?.watch?.('plc', 'speed', ({ value }) => void received.push(value), call());
    chatter();
    assert.deepEqual([received, memory.watched], [[2], ['speed']]);
    await model.remove('plc');
    chatter();
    assert.deepEqual([received, memory.watched], [[2], []]);
    await watch?.close();
  });

  it('are stopped if they start only after they were removed', async () => {
    const { model, clock } = await setUp();
    const plugged = Promise.withResolvers<void>();
    const { memory, runtime } = runtimeOf('slow', { starting: plugged.promise });
    const adding = model.add(runtime);
    await model.remove('slow');
    plugged.resolve();
    await adding;
    await settled();
    clock.advance(100);
    assert.deepEqual([memory.running, idsOf(model)], [false, []]);
  });
});

describe('five hundred runtimes that are added and removed at random', () => {
  it('leave no running runtime, no watch and no event of the removed ones', async () => {
    const random = seededRandom(12);
    const { model, clock, call, signal } = await setUp();
    const timers = clock.timers;
    const gone: ReturnType<typeof runtimeOf>[] = [];
    const all: MemoryRuntime[] = [];
    const present = new Map<string, ReturnType<typeof runtimeOf>>();
    /** The runtimes whose events were received. */
    let received: string[] = [];
    const record = ({ runtime }: { readonly runtime: string }): void => void received.push(runtime);
    for (const event of [
      'configuration.changed',
      'data.changed',
      'fault.event',
      'log.added',
      'operation.changed',
    ] as const) {
      model.events.on(event, record);
    }
    for (let step = 0; step < 500; step += 1) {
      const name = pick(random, ['a', 'b', 'c', 'd', 'e']);
      const old = present.get(name);
      if (old) {
        const leaving = model.remove(name);
        present.delete(name);
        gone.push(old);
        if (random.float() < 0.5) await leaving;
      } else {
        const made = runtimeOf(name, {
          ...(random.float() < 0.3 && { starting: settled().then(() => undefined) }),
          stuck: random.float() < 0.2,
          ...(random.float() < 0.5 && { origin: name }),
        });
        all.push(made.memory);
        present.set(name, made);
        const adding = model.add(made.runtime);
        if (random.float() < 0.7) await adding;
      }
      const data = model.provider(name)?.data;
      void data?.watch?.(name, 'speed', () => void received.push(`${name} speaks`), call()).catch(() => undefined);
      void data?.list(name, call()).catch(() => undefined);
      received = [];
      for (const { chatter } of gone.slice(-5)) chatter();
      assert.deepEqual(received, [], `step ${step}`);
      if (step % 10 === 0) await settled();
      clock.advance(7);
      assert.deepEqual(
        idsOf(model).filter((id) => !present.has(id.replace(/^.*__/, ''))),
        [],
        `step ${step}`,
      );
    }
    await Promise.all([...present.keys()].map((name) => model.remove(name)));
    await settled();
    clock.advance(20_000);
    await settled();
    assert.deepEqual([idsOf(model), model.runtimes], [[], []]);
    assert.deepEqual(
      all.filter(({ running, watched }) => running || watched.length > 0).map(({ name }) => name),
      [],
    );
    assert.deepEqual([clock.timers, getEventListeners(signal, 'abort').length], [timers, 0]);
    await model.close();
  });
});

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random.float() * values.length)] as T;
}
