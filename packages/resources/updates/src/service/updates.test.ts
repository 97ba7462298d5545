import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SovdError, type UpdateStatus } from '@medkit/contract';
import { type CoreEvents, callContext, eventBus, gatewayPrincipal, type UpdateProvider } from '@medkit/core';
import { errorOf, type MemoryUpdatesOptions, memoryUpdates } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { openUpdates } from './open-updates.ts';
import { updateSampler } from './update-sampler.ts';
import type { UpdateAction, UpdateState } from './update-state.ts';

/** An in-memory storage that may fail. */
class MemoryStorage {
  readonly states = new Map<string, UpdateState>();
  failure: SovdError | undefined;

  load = async () => {
    if (this.failure) throw this.failure;
    return new Map(this.states);
  };
  put = async (updateId: string, state: UpdateState) => {
    if (this.failure) throw this.failure;
    this.states.set(updateId, state);
  };
  remove = async (updateId: string) => {
    if (this.failure) throw this.failure;
    this.states.delete(updateId);
  };
}

interface SetUp extends MemoryUpdatesOptions {
  readonly storage?: MemoryStorage;
  readonly memory?: { readonly provider: UpdateProvider };
}

async function setUp({ storage = new MemoryStorage(), memory, ...options }: SetUp = {}) {
  const clock = new SimulatedClock();
  const logged: string[] = [];
  const events = eventBus<CoreEvents>((_, error) => assert.fail(String(error)));
  const changes: CoreEvents['update.changed'][] = [];
  events.on('update.changed', (change) => changes.push(change));
  const updates = memoryUpdates(options);
  const opened = await openUpdates({
    provider: memory?.provider ?? updates.provider,
    storage,
    model: { events },
    clock,
    log: (level, message) => logged.push(`${level}: ${message}`),
    stepTimeoutMs: 60_000,
  });
  const { service } = opened;
  const call = (owner?: string) => callContext({ clock, timeoutMs: 1000, principal: gatewayPrincipal(owner) });
  return {
    ...updates,
    ...opened,
    clock,
    storage,
    logged,
    events,
    changes,
    call,
    register: (id: string, more: object = {}) => service.register({ id, ...more }, call()),
    begin: (id: string, action: UpdateAction, owner?: string) => service.begin(id, action, call(owner)),
    remove: (id: string) => service.remove(id, call()),
    status: (id: string) => service.status(id, call()),
    /** The phases of the events, each with its status. */
    phases: () => changes.map(({ status }) => `${status['x-medkit-phase']} ${status['status']}`),
  };
}

const settled = async () => {
  for (let turns = 0; turns < 4; turns++) await new Promise((resolve) => setImmediate(resolve));
};

/** Tasks that a test completes by hand. */
function held() {
  const holds: { readonly name: string; readonly end: (error?: Error) => void; readonly signal: AbortSignal }[] = [];
  const onTask: NonNullable<MemoryUpdatesOptions['onTask']> = (name, id, signal) =>
    new Promise((resolve, reject) => {
      holds.push({ name: `${name} ${id}`, end: (error) => (error ? reject(error) : resolve()), signal });
    });
  return { holds, onTask };
}

const phaseOf = ({ status, 'x-medkit': { phase } }: UpdateStatus) => `${phase} ${status}`;

describe('an update', () => {
  it('that is registered has neither progress nor error', async () => {
    const { register, status } = await setUp();
    assert.deepEqual(await register('firmware-v2.1'), { id: 'firmware-v2.1' });
    assert.deepEqual(await status('firmware-v2.1'), {
      status: 'pending',
      'x-medkit-phase': 'none',
      'x-medkit': { phase: 'none' },
    });
  });

  it('is prepared, then executed, and every step is reported with its components', async () => {
    const { register, begin, status, tasks, phases, changes } = await setUp();
    await register('map-2', { updated_components: ['arm'] });
    await begin('map-2', 'prepare');
    await settled();
    assert.equal(phaseOf(await status('map-2')), 'prepared completed');
    await begin('map-2', 'execute');
    await settled();
    assert.equal(phaseOf(await status('map-2')), 'executed completed');
    assert.deepEqual(tasks, ['prepare map-2', 'execute map-2']);
    assert.deepEqual(phases(), [
      'preparing pending',
      'preparing inProgress',
      'prepared completed',
      'executing pending',
      'executing inProgress',
      'executed completed',
    ]);
    assert.deepEqual([...new Set(changes.flatMap((change) => change.updatedComponents))], ['arm']);
  });

  it('is installed in one step if it is automated, with its progress reset', async () => {
    const { holds, onTask } = held();
    let percent = 70;
    const { register, begin, status, clock } = await setUp({
      onTask,
      onProgress: () => ({ percent, steps: [{ name: 'files', percent }] }),
    });
    await register('map-2', { automated: true });
    await register('map-3', { automated: 'yes' });
    await begin('map-2', 'automated');
    await settled();
    await clock.advance(1000);
    const first = await status('map-2');
    assert.deepEqual([first.progress, first.sub_progress], [70, [{ name: 'files', progress: 70 }]]);
    percent = 3.9;
    holds[0]?.end();
    await settled();
    const second = await status('map-2');
    assert.deepEqual([phaseOf(second), second.progress], ['executing inProgress', 3]);
    holds[1]?.end();
    await settled();
    assert.deepEqual(await status('map-2'), {
      status: 'completed',
      'x-medkit-phase': 'executed',
      'x-medkit': { phase: 'executed' },
    });
    assert.equal((await errorOf(begin('map-3', 'automated'))).code, 'x-medkit-update-not-automated');
  });

  it('reports its progress while it is prepared, once for each change', async () => {
    const { holds, onTask } = held();
    let percent = 0;
    const { register, begin, clock, changes } = await setUp({ onTask, onProgress: () => ({ percent }) });
    await register('map-2');
    await begin('map-2', 'prepare');
    await settled();
    const before = changes.length;
    for (percent of [10, 10, 20]) {
      await clock.advance(1000);
      await settled();
    }
    assert.deepEqual(
      changes.slice(before).map(({ status }) => status['progress']),
      [10, 20],
    );
    holds[0]?.end();
    await settled();
    assert.equal(changes.at(-1)?.status['progress'], undefined);
  });

  it('that fails has a summary and details, and can be prepared again', async () => {
    const refused = new SovdError({
      code: 'x-medkit-update-refused',
      message: 'Not signed',
      parameters: { reason: 'signature' },
    });
    const failures: unknown[] = [refused, new Error('disk on fire')];
    const { register, begin, status } = await setUp({
      onTask: () => {
        const failure = failures.shift();
        if (failure) throw failure;
      },
    });
    await register('map-2');
    await begin('map-2', 'prepare');
    await settled();
    assert.deepEqual(await status('map-2'), {
      status: 'failed',
      error: 'Not signed',
      'x-medkit-phase': 'failed',
      'x-medkit': { phase: 'failed', error: refused.body() },
    });
    assert.equal((await errorOf(begin('map-2', 'execute'))).code, 'x-medkit-update-not-prepared');
    await begin('map-2', 'prepare');
    await settled();
    assert.equal((await status('map-2')).error, 'Exception: disk on fire');
    await begin('map-2', 'prepare');
    await settled();
    assert.equal(phaseOf(await status('map-2')), 'prepared completed');
  });

  it('is not executed before it is prepared, nor a second time', async () => {
    const { register, begin } = await setUp();
    await register('map-2');
    const refusal = await errorOf(begin('map-2', 'execute'));
    assert.deepEqual([refusal.code, refusal.status], ['x-medkit-update-not-prepared', 400]);
    assert.deepEqual(refusal.parameters, { update_id: 'map-2', phase: 'none' });
    for (const action of ['prepare', 'execute'] as const) {
      await begin('map-2', action);
      await settled();
    }
    assert.equal((await errorOf(begin('map-2', 'execute'))).parameters?.['phase'], 'executed');
  });

  it('is activated again without being prepared, if its provider supports that', async () => {
    const { register, begin, status } = await setUp();
    await register('map-1');
    await begin('map-1', 'rollBack');
    await settled();
    assert.equal(phaseOf(await status('map-1')), 'executed completed');
    await begin('map-1', 'rollBack');
    await settled();
    const other = await setUp({ rollsBack: false });
    await other.register('map-1');
    assert.equal((await errorOf(other.begin('map-1', 'rollBack'))).code, 'not-implemented');
    assert.equal(phaseOf(await other.status('map-1')), 'none pending');
  });

  it('that is in progress can be neither started nor deleted', async () => {
    const { holds, onTask } = held();
    const { register, begin, remove } = await setUp({ onTask });
    await register('map-2', { automated: true });
    await begin('map-2', 'prepare');
    for (const attempt of [begin('map-2', 'prepare'), begin('map-2', 'automated'), remove('map-2')]) {
      const error = await errorOf(attempt);
      assert.deepEqual([error.code, error.status], ['x-medkit-update-in-progress', 409]);
    }
    await settled();
    assert.equal((await errorOf(begin('map-2', 'execute'))).code, 'x-medkit-update-in-progress');
    assert.equal(holds.length, 1);
  });

  it('is prepared once for any number of concurrent requests', async () => {
    const { register, begin, tasks } = await setUp();
    await register('map-2');
    const attempts = await Promise.allSettled([1, 2, 3].map(() => begin('map-2', 'prepare')));
    await settled();
    assert.deepEqual([attempts.filter(({ status }) => status === 'fulfilled').length, tasks.length], [1, 1]);
  });

  it('waits for the previous one, in a queue of limited length', async () => {
    const { holds, onTask } = held();
    const { register, begin, status } = await setUp({ onTask });
    for (let n = 0; n < 18; n++) await register(`map-${n}`);
    for (let n = 0; n < 17; n++) {
      await begin(`map-${n}`, 'prepare');
      await settled();
    }
    assert.deepEqual(
      [phaseOf(await status('map-0')), phaseOf(await status('map-1'))],
      ['preparing inProgress', 'preparing pending'],
    );
    assert.equal((await errorOf(begin('map-17', 'prepare'))).code, 'service-unavailable');
    assert.equal(phaseOf(await status('map-17')), 'none pending');
    holds[0]?.end(new Error('no'));
    await settled();
    assert.deepEqual(
      holds.map(({ name }) => name),
      ['prepare map-0', 'prepare map-1'],
    );
    await begin('map-17', 'prepare');
  });

  it('limits that queue also for concurrent requests', async () => {
    const { holds, onTask } = held();
    const { register, begin, storage } = await setUp({ onTask });
    for (let n = 0; n < 40; n++) await register(`map-${n}`);
    const put = storage.put;
    storage.put = async (...state) => {
      await new Promise((resolve) => setImmediate(resolve));
      await put(...state);
    };
    const attempts = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => begin(`map-${n}`, 'prepare')));
    await settled();
    assert.deepEqual([attempts.filter(({ status }) => status === 'fulfilled').length, holds.length], [16, 1]);
  });

  it('leaves places to other clients while one client requests as many as it can', async () => {
    const { holds, onTask } = held();
    const { register, begin, health } = await setUp({ onTask });
    for (let n = 0; n < 20; n++) await register(`map-${n}`);
    await begin('map-0', 'prepare', 'user:greedy');
    await settled();
    for (let n = 1; n <= 8; n++) await begin(`map-${n}`, 'prepare', 'user:greedy');
    assert.equal((await errorOf(begin('map-9', 'prepare', 'user:greedy'))).code, 'rate-limit-exceeded');
    await begin('map-10', 'prepare', 'user:other');
    assert.deepEqual(health().blocks['x-medkit-quotas']?.['waiting_updates'], {
      ...{ held: 9, capacity: 16, owners: 2, largest: 8, refused: 1 },
    });
    holds[0]?.end();
    await settled();
    await begin('map-9', 'prepare', 'user:greedy');
  });

  it('that takes too long has failed, and does not block others', async () => {
    const { holds, onTask } = held();
    const { register, begin, status, clock } = await setUp({ onTask });
    for (const id of ['map-1', 'map-2']) {
      await register(id);
      await begin(id, 'prepare');
    }
    await settled();
    await clock.advance(60_000);
    await settled();
    assert.match((await status('map-1')).error ?? '', /took longer than 60 s and was stopped: its outcome is unknown/);
    assert.equal(holds[0]?.signal.aborted, true);
    assert.equal(holds[1]?.name, 'prepare map-2');
  });

  it('that waits for its confirmation gets that time, too', async () => {
    const { holds, onTask } = held();
    let confirmRemainingMs: number | undefined = 500_000;
    const { service, register, begin, status, clock, call } = await setUp({
      onTask,
      onProgress: () => ({ percent: 100, ...(confirmRemainingMs !== undefined && { confirmRemainingMs }) }),
    });
    await register('map-1');
    await begin('map-1', 'prepare');
    await settled();
    holds[0]?.end();
    await settled();
    await service.begin('map-1', 'execute', call(), { confirmWithinMs: 500_000 });
    await settled();
    clock.advance(60_000);
    await settled();
    assert.deepEqual((await status('map-1'))['x-medkit'], { phase: 'executing', confirm_remaining_sec: 500 });
    confirmRemainingMs = undefined;
    clock.advance(560_000);
    await settled();
    assert.match((await status('map-1')).error ?? '', /^execute took longer than 60 s/);
    assert.equal(holds[1]?.signal.aborted, true);
  });

  it('is confirmed by its provider, which must support it', async () => {
    const { service, register, tasks, call } = await setUp();
    await register('map-1');
    await service.confirm('map-1', call());
    assert.deepEqual(tasks, ['confirm map-1']);
    const without = await setUp({ confirms: false });
    await without.register('map-1');
    for (const attempt of [
      without.service.confirm('map-1', call()),
      without.service.begin('map-1', 'prepare', call(), { confirmWithinMs: 1 }),
    ]) {
      assert.equal((await errorOf(attempt)).code, 'not-implemented');
    }
    assert.deepEqual(without.tasks, []);
  });

  it('is unknown before it is registered, and with an invalid id', async () => {
    const { register, begin, status, remove, service, call } = await setUp();
    for (const attempt of [status('no'), begin('no', 'prepare'), remove('no'), service.get('no', call())]) {
      const error = await errorOf(attempt);
      assert.deepEqual([error.code, error.status], ['x-medkit-update-not-found', 404]);
    }
    for (const id of ['', '.', '..', '.hidden', 'a/b', 'a b', 'ä', 'x'.repeat(257)]) {
      assert.equal((await errorOf(register(id))).code, 'invalid-request', id);
      assert.equal((await errorOf(status(id))).code, 'invalid-request', id);
    }
    await register('x'.repeat(256));
  });

  it('is registered once', async () => {
    const { register } = await setUp();
    await register('map-2');
    const error = await errorOf(register('map-2'));
    assert.deepEqual([error.code, error.status], ['x-medkit-update-already-exists', 400]);
  });

  it('is new if its provider lost an earlier one of the same id', async () => {
    const { register, begin, updates, status, storage } = await setUp();
    await register('map-2');
    await begin('map-2', 'prepare');
    await settled();
    updates.delete('map-2');
    await register('map-2');
    assert.equal(phaseOf(await status('map-2')), 'none pending');
    assert.equal(storage.states.size, 0);
  });

  it('is found by its origin and its components', async () => {
    const { register, service, call } = await setUp();
    await register('a', { origins: ['remote'], version: '1.0' });
    await register('b', { origins: ['remote', 'proximity'], target_version: '2.0' });
    await register('c', { origins: 'remote' });
    const ids = async (filter: Parameters<typeof service.list>[0]) => (await service.list(filter, call())).items;
    assert.deepEqual(await ids({}), ['a', 'b', 'c']);
    assert.deepEqual(await ids({ origin: 'remote' }), ['a', 'b']);
    assert.deepEqual(await ids({ origin: 'proximity', 'target-version': '2.0' }), ['b']);
    assert.deepEqual(await ids({ 'target-version': '1.0' }), ['a']);
    assert.equal((await errorOf(service.list({ origin: 'space' }, call()))).code, 'invalid-parameter');
  });
});

describe('an update that is deleted', () => {
  it('is removed with its state', async () => {
    const { register, begin, remove, status, storage, phases } = await setUp();
    await register('map-2');
    await begin('map-2', 'prepare');
    await settled();
    await remove('map-2');
    assert.equal((await errorOf(status('map-2'))).code, 'x-medkit-update-not-found');
    assert.deepEqual([storage.states.size, phases().at(-1)], [0, 'deleting inProgress']);
    await register('map-2');
    assert.equal(phaseOf(await status('map-2')), 'none pending');
  });

  it('cannot be started meanwhile', async () => {
    const removing = Promise.withResolvers<void>();
    const { register, begin, remove } = await setUp({ onRemove: () => removing.promise });
    await register('map-2');
    const removed = remove('map-2');
    await settled();
    assert.equal((await errorOf(begin('map-2', 'prepare'))).code, 'x-medkit-update-in-progress');
    assert.equal((await errorOf(remove('map-2'))).code, 'x-medkit-update-in-progress');
    assert.equal((await errorOf(register('map-2'))).code, 'x-medkit-update-already-exists');
    removing.resolve();
    await removed;
  });

  it('stays unchanged if its provider refuses that', async () => {
    const { register, begin, remove, status } = await setUp({
      onRemove: () => {
        throw new SovdError({ code: 'precondition-not-fulfilled', message: 'It is in use' });
      },
    });
    await register('map-2');
    await begin('map-2', 'prepare');
    await settled();
    assert.equal((await errorOf(remove('map-2'))).message, 'It is in use');
    assert.equal(phaseOf(await status('map-2')), 'prepared completed');
  });

  it('has failed if the deletion failed', async () => {
    const { register, remove, status } = await setUp({
      onRemove: () => {
        throw new Error('EIO');
      },
    });
    await register('map-2');
    const error = await errorOf(remove('map-2'));
    assert.deepEqual([error.code, error.message], ['internal-error', 'Failed to delete the update: EIO']);
    assert.deepEqual(
      [phaseOf(await status('map-2')), (await status('map-2')).error],
      ['failed failed', 'Exception: EIO'],
    );
  });
});

describe('a gateway that restarts', () => {
  /** Returns the state after a gateway starts with this stored state. */
  const afterStart = async (state: UpdateState, options: MemoryUpdatesOptions = {}) => {
    const storage = new MemoryStorage();
    const first = await setUp({ storage, ...options });
    await first.register('map-2');
    storage.states.set('map-2', state);
    const next = await setUp({ storage, memory: first });
    await settled();
    return {
      next,
      tasks: first.tasks,
      state: phaseOf(await next.status('map-2')),
      stored: storage.states.get('map-2'),
    };
  };

  for (const [before, after, tasks] of [
    ['prepared completed', 'prepared completed', []],
    ['executed completed', 'executed completed', []],
    ['preparing pending', 'none pending', []],
    ['preparing inProgress', 'failed failed', []],
    ['executing pending', 'prepared completed', []],
    ['executing inProgress', 'executed completed', ['resume map-2']],
  ] as const) {
    it(`restores an update that was ${before} as ${after}`, async () => {
      const [phase, status] = before.split(' ') as [UpdateState['phase'], UpdateState['status']];
      const found = await afterStart({ phase, status });
      assert.deepEqual([found.state, found.tasks], [after, tasks]);
      assert.equal(`${found.stored?.phase} ${found.stored?.status}`, after);
    });
  }

  it('remembers why an update failed', async () => {
    const error = { error_code: 'not-responding', message: 'It took longer than 60 s' };
    const { next } = await afterStart({ phase: 'failed', status: 'failed', error });
    assert.equal((await next.status('map-2')).error, 'It took longer than 60 s');
  });

  it('counts an update as failed that was executed by a provider which cannot report its outcome', async () => {
    const { next } = await afterStart({ phase: 'executing', status: 'inProgress' }, { resumes: false });
    assert.match((await next.status('map-2')).error ?? '', /does not know the outcome/);
  });

  it('continues a deletion', async () => {
    const storage = new MemoryStorage();
    const first = await setUp({ storage });
    await first.register('map-2');
    storage.states.set('map-2', { phase: 'deleting', status: 'inProgress' });
    const { status } = await setUp({ storage, memory: first });
    assert.equal((await errorOf(status('map-2'))).code, 'x-medkit-update-not-found');
    assert.equal(storage.states.size, 0);
  });

  it('continues an update that was interrupted by a clean shutdown, which is not a failure', async () => {
    const { holds, onTask } = held();
    const first = await setUp({ onTask });
    await first.register('map-2', { automated: true });
    await first.begin('map-2', 'automated');
    await settled();
    holds[0]?.end();
    await settled();
    const closing = first.close();
    assert.equal(holds[1]?.signal.aborted, true);
    holds[1]?.end(new Error('aborted'));
    await closing;
    assert.deepEqual(first.storage.states.get('map-2'), { phase: 'executing', status: 'inProgress' });
  });

  it('starts no step while it shuts down, also if the previous one succeeded', async () => {
    const { holds, onTask } = held();
    const { register, begin, close, storage, tasks } = await setUp({ onTask });
    await register('map-2', { automated: true });
    await begin('map-2', 'automated');
    await settled();
    const closing = close();
    holds[0]?.end();
    await closing;
    assert.deepEqual(tasks, ['prepare map-2']);
    assert.deepEqual(storage.states.get('map-2'), { phase: 'prepared', status: 'completed' });
  });

  it('shuts down although a task does not end', async () => {
    const { onTask } = held();
    const { register, begin, close, clock, logged } = await setUp({ onTask });
    await register('map-2');
    await begin('map-2', 'prepare');
    await settled();
    const closed = close();
    await clock.advance(3000);
    await closed;
    assert.match(logged.join(), /still in progress/);
  });
});

describe('if the disk fails', () => {
  const failure = new SovdError({ code: 'service-unavailable', message: 'Disk full' });

  it('no step starts without being stored', async () => {
    const { register, begin, status, storage, tasks } = await setUp();
    await register('map-2');
    storage.failure = failure;
    assert.equal((await errorOf(begin('map-2', 'prepare'))).message, 'Disk full');
    assert.deepEqual([phaseOf(await status('map-2')), tasks], ['none pending', []]);
  });

  it('an ended step is known until the gateway shuts down', async () => {
    const { holds, onTask } = held();
    const { register, begin, status, storage, logged } = await setUp({ onTask });
    await register('map-2');
    await begin('map-2', 'prepare');
    await settled();
    storage.failure = failure;
    holds[0]?.end();
    await settled();
    assert.equal(phaseOf(await status('map-2')), 'prepared completed');
    assert.match(logged.join(), /could not be stored: Disk full/);
  });

  it('and the states of updates are unknown, nothing is installed, and the read is retried', async () => {
    const storage = new MemoryStorage();
    storage.failure = failure;
    const { register, status, health } = await setUp({ storage });
    assert.equal((await errorOf(register('map-2'))).code, 'service-unavailable');
    assert.deepEqual(
      health().warnings.map(({ code }) => code),
      ['updates_unavailable'],
    );
    storage.failure = undefined;
    await register('map-2');
    assert.equal(phaseOf(await status('map-2')), 'none pending');
    assert.deepEqual(health().warnings, []);
  });
});

it('without a provider every call states the reason', async () => {
  const { service, enabled, call } = await (async () => {
    const clock = new SimulatedClock();
    const opened = await openUpdates({
      provider: 'Nothing installs updates',
      storage: new MemoryStorage(),
      model: { events: eventBus<CoreEvents>(() => undefined) },
      clock,
      log: () => undefined,
      stepTimeoutMs: 1,
    });
    return { ...opened, call: () => callContext({ clock, timeoutMs: 1 }) };
  })();
  assert.equal(enabled, false);
  for (const attempt of [
    service.list({}, call()),
    service.register({ id: 'a' }, call()),
    service.get('a', call()),
    service.status('a', call()),
    service.begin('a', 'prepare', call()),
    service.confirm('a', call()),
    service.remove('a', call()),
  ]) {
    const error = await errorOf(attempt);
    assert.deepEqual([error.code, error.status, error.message], ['not-implemented', 501, 'Nothing installs updates']);
  }
});

it('the status of an update can be subscribed to: each change is sent', async () => {
  const { register, begin, service, events, call } = await setUp();
  await register('map-2');
  await register('map-3');
  const sampler = updateSampler(service, events);
  const entity = { kind: 'app', id: 'lidar' } as const;
  assert.deepEqual((await sampler.sample(entity, 'map-2/status', call())).payload, {
    status: 'pending',
    'x-medkit-phase': 'none',
    'x-medkit': { phase: 'none' },
  });
  assert.equal((await errorOf(sampler.sample(entity, 'no/status', call()))).code, 'x-medkit-update-not-found');
  const statuses: unknown[] = [];
  const watch = await sampler.watch!(
    entity,
    'map-2/status',
    ({ payload }) => void statuses.push((payload as unknown as UpdateStatus).status),
    call(),
  );
  await begin('map-3', 'prepare');
  await begin('map-2', 'prepare');
  await settled();
  assert.deepEqual(statuses, ['pending', 'inProgress', 'completed']);
  await watch!.close();
  await begin('map-2', 'execute');
  await settled();
  assert.equal(statuses.length, 3);
});
