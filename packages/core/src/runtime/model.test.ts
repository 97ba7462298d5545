import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import type { EntitiesChanged } from '../events/core-events.ts';
import { callContext } from '../providers/call-context.ts';
import { app, area } from '../testing/entities.ts';
import { faultEvent } from '../testing/memory-faults.ts';
import { memoryRuntime } from '../testing/memory-runtime.ts';
import { openModel } from './model.ts';
import type { Runtime, RuntimeHost } from './runtime.ts';

async function open(...runtimes: readonly Runtime[]) {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const model = await openModel({ runtimes, clock, log: (_, message) => logged.push(message) });
  const changes: EntitiesChanged[] = [];
  model.onChange((change) => changes.push(change));
  return { clock, logged, model, changes };
}

const codeIs = (code: string) => (error: unknown) => error instanceof SovdError && error.code === code;

describe('model', () => {
  it('has the entities of every runtime once it is open', async () => {
    const { model } = await open(
      memoryRuntime({ name: 'a', apps: [app('lidar')] }),
      memoryRuntime({ name: 'b', areas: [area('hall')] }),
    );
    assert.deepEqual(
      [...model.tree.all('app'), ...model.tree.all('area')].map(({ id }) => id),
      ['lidar', 'hall'],
    );
  });

  it('does not open with two runtimes of the same name', async () => {
    await assert.rejects(open(memoryRuntime(), memoryRuntime()), /memory,memory/);
  });

  it('merges simultaneous changes into one update and reports their effect', async () => {
    const runtime = memoryRuntime({ apps: [app('gone'), app('stays'), app('turns')] });
    const { model, clock, changes } = await open(runtime);
    clock.advance(10);
    const before = model.tree.generation;
    runtime.tell({ apps: [app('stays'), app('turns')] });
    runtime.tell({ apps: [app('stays'), app('turns', { online: false }), app('new')] });
    assert.equal(changes.length, 0);
    clock.advance(5);
    assert.deepEqual(changes, [
      {
        generation: before + 1,
        added: [{ kind: 'app', id: 'new' }],
        removed: [{ kind: 'app', id: 'gone' }],
        changed: [{ kind: 'app', id: 'turns' }],
      },
    ]);
    assert.equal(model.tree.generation, before + 1);
  });

  it('reads a runtime once for all simultaneous changes', async () => {
    const runtime = memoryRuntime();
    let queries = 0;
    const counted: Runtime = {
      ...runtime,
      contribution: () => {
        queries++;
        return runtime.contribution();
      },
    };
    const { clock } = await open(counted);
    clock.advance(10);
    queries = 0;
    for (let change = 0; change < 10; change++) runtime.tell({ apps: [app(`a${change}`)] });
    clock.advance(10);
    assert.equal(queries, 1);
  });

  it('emits nothing if a runtime reports a change without a difference', async () => {
    const runtime = memoryRuntime({ apps: [app('a')] });
    const { clock, model, changes } = await open(runtime);
    const before = model.tree;
    runtime.tell({ apps: [app('a')] });
    clock.advance(100);
    assert.equal(model.tree, before);
    assert.deepEqual(changes, []);
  });

  it('works without a runtime that fails to start, and names it with the reason', async () => {
    const broken = memoryRuntime({
      name: 'plc',
      onStart: () => {
        throw new Error('cable unplugged');
      },
    });
    const { model } = await open(broken, memoryRuntime({ name: 'ros2', apps: [app('lidar')] }));
    assert.ok(model.tree.get('app', 'lidar'));
    const { warnings } = await model.health();
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['runtime_failed'],
    );
    assert.match(warnings[0]?.message ?? '', /plc.*cable unplugged/);
    const call = callContext({ clock: new SimulatedClock(), timeoutMs: 100 });
    await assert.rejects(model.provider('plc')!.data!.list('x', call), codeIs('service-unavailable'));
    assert.equal(model.provider('nobody'), undefined);
  });

  it('opens without a runtime that hangs at start, and adds it when it is ready', async () => {
    const plugged = Promise.withResolvers<void>();
    const slow = memoryRuntime({ name: 'slow', apps: [app('late')], onStart: () => plugged.promise });
    const clock = new SimulatedClock();
    const opening = openModel({ runtimes: [slow], clock, log: () => undefined });
    clock.advance(10_000);
    const model = await opening;
    assert.equal((await model.health()).warnings[0]?.code, 'runtime_starting');
    plugged.resolve();
    await clock.advanceAsync(10);
    assert.ok(model.tree.get('app', 'late'));
    assert.deepEqual((await model.health()).warnings, []);
  });

  it('stops a runtime that starts only after the model was closed', async () => {
    const plugged = Promise.withResolvers<void>();
    const slow = memoryRuntime({ onStart: () => plugged.promise });
    const clock = new SimulatedClock();
    const opening = openModel({ runtimes: [slow], clock, log: () => undefined });
    clock.advance(10_000);
    await (await opening).close();
    plugged.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(slow.running, false);
  });

  it('retains the last contribution of a runtime if reading the next one fails', async () => {
    const runtime = memoryRuntime({ apps: [app('a')] });
    const contribution = runtime.contribution.bind(runtime);
    let broken = false;
    const moody: Runtime = {
      ...runtime,
      contribution: () => {
        if (broken) throw new Error('defect');
        return contribution();
      },
    };
    const { model, clock } = await open(moody);
    broken = true;
    runtime.tell({ apps: [] });
    clock.advance(10);
    assert.ok(model.tree.get('app', 'a'));
    assert.match((await model.health()).warnings[0]?.message ?? '', /defect/);
  });

  it('warns of a runtime that does not report its health', async () => {
    const mute: Runtime = { ...memoryRuntime({ name: 'mute' }), health: () => new Promise(() => undefined) };
    const angry: Runtime = { ...memoryRuntime({ name: 'angry' }), health: () => Promise.reject(new Error('no')) };
    const { model, clock } = await open(mute, angry);
    const pending = model.health();
    clock.advance(1000);
    assert.deepEqual(
      (await pending).warnings.map(({ code }) => code),
      ['runtime_silent', 'runtime_silent'],
    );
  });

  it('emits every fault event, log entry, execution and configuration change of a runtime, with the name of the runtime', async () => {
    let host: RuntimeHost | undefined;
    const runtime: Runtime = {
      ...memoryRuntime({ name: 'plc', records: { isEntity: () => false } }),
      start: async (by) => {
        host = by;
      },
    };
    const { model } = await open(runtime);
    const received: unknown[] = [];
    model.events.on('fault.event', (change) => received.push(change));
    model.events.on('log.added', (added) => received.push(added));
    model.events.on('operation.changed', (change) => received.push(change));
    model.events.on('configuration.changed', (change) => received.push(change));
    const event = faultEvent(7);
    const record = { timestampNs: 1n, severity: 'info', logger: 'plc', message: 'hello' } as const;
    const entry = { ...record, sequence: 1 };
    host?.faultChanged(event);
    host?.record(record);
    const execution = { nativeId: '/arm', operationId: '/spin', executionId: '1', status: 'aborted' };
    host?.operationChanged(execution);
    const seen = { nativeId: '/arm', name: 'speed', to: '2', count: 1, firstNs: 1n, lastNs: 1n };
    host?.configurationChanged(seen);
    assert.deepEqual(received, [
      { runtime: 'plc', origin: 'local', event },
      { runtime: 'plc', origin: 'local', entry },
      { runtime: 'plc', origin: 'local', ...execution },
      { runtime: 'plc', origin: 'local', ...seen },
    ]);
  });

  it('rejects calls and changes once it is closed', async () => {
    const runtime = memoryRuntime({ apps: [app('a')] });
    const { model, clock, changes } = await open(runtime);
    const data = model.provider('memory')!.data!;
    await model.close();
    assert.equal(runtime.running, false);
    runtime.tell({ apps: [] });
    clock.advance(100);
    assert.deepEqual(changes, []);
    await assert.rejects(data.list('x', callContext({ clock, timeoutMs: 100 })), codeIs('x-medkit-gateway-shutdown'));
  });
});
