import { SovdError } from '@medkit/contract';
import {
  type CallContext,
  type CoreEvents,
  callContext,
  type EventBus,
  type ExecuteOptions,
  errorMessage,
  type JsonObject,
  type Log,
  loading,
  ownerOf,
  reserveQuota,
  type UpdateMetadata,
  type UpdateProgress,
  type UpdateProvider,
  updatedComponents,
} from '@medkit/core';
import { type Clock, Quota, within } from '@medkit/edges';
import {
  afterRestart,
  assertPossible,
  completed,
  DELETING,
  failed,
  runningState,
  stepsOf,
  UNTOUCHED,
  type UpdateAction,
  type UpdateState,
  type UpdateStep,
  updateStatus,
  waiting,
} from './update-state.ts';
import type { UpdateStorage } from './update-storage.ts';

export interface UpdateRegistryOptions {
  readonly provider: UpdateProvider;
  readonly storage: UpdateStorage;
  readonly events: Pick<EventBus<CoreEvents>, 'emit'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Timeout of a step. */
  readonly stepTimeoutMs: number;
}

/** A sequence of steps on an update. */
interface Task {
  readonly updateId: string;
  readonly components: readonly string[];
  /** The client that requested it. */
  readonly owner?: string | undefined;
  readonly steps: readonly { readonly step: UpdateStep; readonly work: (call: CallContext) => Promise<void> }[];
}

/** Maximum tasks waiting for the running one. */
const MAX_WAITING = 16;
const BOUND = {
  what: 'queued updates',
  remedy: 'try again when one of them has ended',
  parameter: 'max_waiting',
} as const;
/** Interval of progress requests for the running task, and their timeout. */
const PROGRESS_PERIOD_MS = 1000;
const PROGRESS_TIMEOUT_MS = 900;
/** How long the shutdown waits for the running task to reach a safe point. */
const CLOSE_MS = 3000;
/** Timeout of provider calls other than tasks. */
const CALL_TIMEOUT_MS = 9000;

/**
 * Stores the states of updates, in memory and on disk, and runs their tasks one at a time. With two at a time, a fault
 * could not be attributed to one of them.
 */
export class UpdateRegistry {
  readonly #options: UpdateRegistryOptions;
  readonly #states = new Map<string, UpdateState>();
  readonly #waiting: Task[] = [];
  /** Quota of waiting tasks, and of those being written to disk, by client. */
  readonly quota = new Quota(MAX_WAITING);
  readonly #closing = new AbortController();
  #working: Promise<void> | undefined;
  #current: Task | undefined;
  #progress: UpdateProgress | undefined;
  readonly #loading = loading(() => this.#load());

  constructor(options: UpdateRegistryOptions) {
    this.#options = options;
  }

  /** Why the states cannot be read; `undefined` if they were read. */
  get failure(): string | undefined {
    return this.#loading.failure;
  }

  /**
   * Resolves when the states are loaded, and continues updates that an earlier process left unfinished. Throws if they
   * cannot be read; the next call retries.
   */
  loaded(): Promise<void> {
    return this.#loading.loaded();
  }

  stateOf(updateId: string): UpdateState {
    return this.#states.get(updateId) ?? UNTOUCHED;
  }

  /** Returns the progress of the task on this update; `undefined` if there is no task or no progress is known. */
  async progressOf(updateId: string, call: CallContext): Promise<UpdateProgress | undefined> {
    if (this.#current?.updateId !== updateId) return undefined;
    const reported = await this.#options.provider.progress?.(updateId, call).catch(() => undefined);
    return reported ?? this.#progress;
  }

  /** Forgets the state of an earlier update with the same id that its provider lost. */
  async begunAnew(updateId: string, before: UpdateState): Promise<void> {
    if (before !== UNTOUCHED && this.stateOf(updateId) === before) await this.#forget(updateId);
  }

  /** Queues a task for an update. Resolves when it is on disk: it will start, or be recorded as failed. */
  async begin(
    metadata: UpdateMetadata,
    action: UpdateAction,
    call: CallContext,
    options: ExecuteOptions = {},
  ): Promise<void> {
    const { id } = metadata;
    const before = this.stateOf(id);
    assertPossible(before, action, metadata);
    const owner = ownerOf(call);
    reserveQuota(this.quota, owner, BOUND);
    const { provider } = this.#options;
    const steps = stepsOf(action).map((step) => ({ step, work: workOf(provider, step, id, options) }));
    const task = { updateId: id, components: updatedComponents(metadata), steps, owner };
    try {
      await this.#enterOrStay(task, before, waiting(steps[0]!.step));
    } catch (error) {
      this.quota.release(owner);
      throw error;
    }
    this.#add(task);
  }

  /** Forgets the state of an update after `remove` has deleted it. If `remove` refuses, restores the state. */
  async delete(metadata: UpdateMetadata, remove: () => Promise<void>): Promise<void> {
    const { id } = metadata;
    const task = { updateId: id, components: updatedComponents(metadata) };
    const before = this.stateOf(id);
    assertPossible(before, 'delete', metadata);
    await this.#enterOrStay(task, before, DELETING);
    try {
      await remove();
    } catch (error) {
      const isRefusal = error instanceof SovdError && error.status < 500;
      await this.#enter(task, isRefusal ? before : failed(error));
      if (isRefusal) throw error;
      this.#options.log('error', `Update ${id} could not be deleted: ${errorMessage(error)}`);
      throw new SovdError({ code: 'internal-error', message: `Failed to delete the update: ${errorMessage(error)}` });
    }
    await this.#forget(id);
  }

  /**
   * Starts no more tasks, and lets the running one stop at a point from which it can continue. Waits for a bounded
   * time.
   */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#waiting.length = 0;
    const { clock, log } = this.#options;
    const late = () => log('warn', 'An update was still in progress; it continues after the next start');
    await within(clock, CLOSE_MS, this.#working ?? Promise.resolve(), late);
  }

  async #load(): Promise<void> {
    for (const [updateId, stored] of await this.#options.storage.load()) {
      const left = afterRestart(stored);
      this.#states.set(updateId, left ?? stored);
      if (!left) await this.#continueSteps(updateId, stored);
      else if (left !== stored) await this.#enter({ updateId, components: [] }, left);
    }
  }

  /** Continues an unfinished update according to its provider. */
  async #continueSteps(updateId: string, { phase }: UpdateState): Promise<void> {
    const { provider, clock } = this.#options;
    const call = callContext({ clock, timeoutMs: CALL_TIMEOUT_MS });
    if (phase === 'deleting') {
      return provider.remove(updateId, call).then(
        () => this.#forget(updateId),
        (error: unknown) => this.#enter({ updateId, components: [] }, failed(error)),
      );
    }
    const metadata = await provider.get(updateId, call).catch(() => undefined);
    const work = (of: CallContext): Promise<void> => (provider.resume ?? cutOff)(updateId, of);
    this.quota.add(undefined);
    this.#add({
      updateId,
      components: metadata ? updatedComponents(metadata) : [],
      steps: [{ step: 'execute', work }],
    });
  }

  #add(task: Task): void {
    this.#waiting.push(task);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    for (let task = this.#waiting.shift(); task; task = this.#waiting.shift()) {
      this.quota.release(task.owner);
      this.#current = task;
      const asking = this.#options.clock.every(PROGRESS_PERIOD_MS, () => void this.#askProgress());
      await this.#run(task);
      asking.cancel();
      this.#current = undefined;
      this.#progress = undefined;
    }
  }

  async #run(task: Task): Promise<void> {
    for (const { step, work } of task.steps) {
      if (this.#closing.signal.aborted) return;
      this.#progress = undefined;
      try {
        await this.#enterOrStay(task, this.stateOf(task.updateId), runningState(step));
        await this.#inTime(task.updateId, step, work);
      } catch (error) {
        // A task that stopped because of the shutdown has not failed: its state stays in progress, and it continues
        // later.
        if (!this.#closing.signal.aborted) await this.#enter(task, failed(error));
        return;
      }
      await this.#enter(task, completed(step));
    }
  }

  async #inTime(updateId: string, step: UpdateStep, work: (call: CallContext) => Promise<void>): Promise<void> {
    const { clock, stepTimeoutMs } = this.#options;
    const late = new AbortController();
    const signal = AbortSignal.any([this.#closing.signal, late.signal]);
    const call = callContext({ clock, timeoutMs: stepTimeoutMs, signal });
    const ended = work(call).then(() => true);
    let timeoutMs = stepTimeoutMs;
    while (!(await within(clock, timeoutMs, ended, () => false))) {
      const remainingMs = await this.#confirmRemainingMs(updateId);
      if (remainingMs === undefined) {
        late.abort();
        const message = `${step} took longer than ${stepTimeoutMs / 1000} s and was stopped: its outcome is unknown`;
        const parameters = { update_id: updateId, step };
        throw new SovdError({ code: 'x-medkit-outcome-unknown', message, parameters });
      }
      // The time for a confirmation does not count as time of the step. A rollback may follow it.
      timeoutMs = remainingMs + stepTimeoutMs;
    }
  }

  async #confirmRemainingMs(updateId: string): Promise<number | undefined> {
    return (await this.#reportedProgress(updateId))?.confirmRemainingMs;
  }

  async #reportedProgress(updateId: string): Promise<UpdateProgress | undefined> {
    const { provider, clock } = this.#options;
    const call = callContext({ clock, timeoutMs: PROGRESS_TIMEOUT_MS, signal: this.#closing.signal });
    return provider.progress?.(updateId, call).catch(() => undefined);
  }

  async #askProgress(): Promise<void> {
    const task = this.#current;
    if (!task) return;
    const reported = await this.#reportedProgress(task.updateId);
    if (!reported || this.#current !== task || JSON.stringify(reported) === JSON.stringify(this.#progress)) return;
    this.#progress = reported;
    this.#notify(task, this.stateOf(task.updateId));
  }

  /** Enters a state that must be on disk first. If it cannot be written, restores the previous state. */
  async #enterOrStay(task: Omit<Task, 'steps'>, before: UpdateState, state: UpdateState): Promise<void> {
    this.#states.set(task.updateId, state);
    try {
      await this.#options.storage.put(task.updateId, state);
    } catch (error) {
      this.#states.set(task.updateId, before);
      throw error;
    }
    this.#notify(task, state);
  }

  /** Enters a state that holds until the gateway ends even if it cannot be written. */
  async #enter(task: Omit<Task, 'steps'>, state: UpdateState): Promise<void> {
    const { updateId } = task;
    this.#states.set(updateId, state);
    await this.#options.storage.put(updateId, state).catch((error: unknown) => {
      this.#options.log(
        'error',
        `The phase ${state.phase} of update ${updateId} could not be stored: ${errorMessage(error)}`,
      );
    });
    this.#notify(task, state);
  }

  async #forget(updateId: string): Promise<void> {
    this.#states.delete(updateId);
    await this.#options.storage.remove(updateId).catch((error: unknown) => {
      this.#options.log('error', `The deletion of update ${updateId} could not be stored: ${errorMessage(error)}`);
    });
  }

  #notify({ updateId, components }: Omit<Task, 'steps'>, state: UpdateState): void {
    const status = updateStatus(state, state.status === 'inProgress' ? this.#progress : undefined);
    this.#options.events.emit('update.changed', {
      updateId,
      status: status as unknown as JsonObject,
      updatedComponents: components,
    });
  }
}

/** Returns the provider's function for a step. Throws `not-implemented` if it has none. */
function workOf(
  provider: UpdateProvider,
  step: UpdateStep,
  id: string,
  options: ExecuteOptions,
): (call: CallContext) => Promise<void> {
  if (step === 'execute') return (call) => provider.execute(id, call, options);
  if (typeof provider[step] === 'function') return async (call) => provider[step]?.(id, call);
  const message = 'The installer does not support rollback: install the release again';
  throw new SovdError({ code: 'not-implemented', message });
}

/** Fails the step of a provider that cannot continue an interrupted update. */
async function cutOff(updateId: string): Promise<void> {
  const message = `The gateway exited while ${updateId} was being executed, and its provider does not know the outcome`;
  throw new SovdError({ code: 'service-unavailable', message });
}
