import type { Clock, Timer } from '@medkit/edges';

/** Pause between two tasks: at least this, and a multiple of the duration of the last task, to limit the load. */
const REST_MS = 20;
const REST_SHARE = 3;

interface Task {
  readonly run: () => Promise<void>;
  /** Monotonic times at which it is due, in order. */
  readonly dueMs: readonly number[];
  /** The first of these times, also after it has passed. */
  readonly firstMs: number;
}

/** Tasks that run one at a time, with pauses. */
interface Lane {
  readonly tasks: Map<string, Task>;
  state:
    | { readonly is: 'idle' }
    | { readonly is: 'waiting'; readonly timer: Timer }
    | { readonly is: 'busy'; readonly ended: Promise<void> };
  restUntilMs: number;
}

export interface CopyScheduleOptions {
  readonly clock: Clock;
  /** Aborted when no further task may begin. */
  readonly signal: AbortSignal;
  /** Maximum pause between two tasks of a lane. */
  readonly maxRestMs: number;
}

/** Runs named tasks at their times: those of one lane, such as a peer, one at a time. */
export class CopySchedule {
  readonly #options: CopyScheduleOptions;
  readonly #lanes = new Map<string, Lane>();

  constructor(options: CopyScheduleOptions) {
    this.#options = options;
  }

  /**
   * Runs a task after each of the times, in milliseconds from now. It must not reject. Replaces the task of this name,
   * but does not delay it if it has as many times left.
   */
  add(laneName: string, name: string, afterMs: readonly number[], run: () => Promise<void>): void {
    const lane: Lane = this.#lanes.get(laneName) ?? { tasks: new Map(), state: { is: 'idle' }, restUntilMs: 0 };
    this.#lanes.set(laneName, lane);
    const nowMs = this.#options.clock.monotonicMs();
    const { dueMs = [], firstMs = nowMs } = lane.tasks.get(name) ?? {};
    const passedMs = dueMs.filter((ms) => ms <= nowMs);
    const isNew = afterMs.length > dueMs.length - passedMs.length;
    const newMs = afterMs.map((ms) => nowMs + ms);
    // One run is enough for all times that have passed.
    const series = isNew
      ? { dueMs: [...passedMs.slice(0, 1), ...newMs], firstMs: Math.min(...newMs) }
      : { dueMs, firstMs };
    lane.tasks.set(name, { run, ...series });
    if (isNew) this.#wake(lane);
  }

  /** Returns whether the first time of a task has passed; `undefined` if it has no time left. */
  hasBegun(laneName: string, name: string): boolean | undefined {
    const { dueMs = [], firstMs = 0 } = this.#lanes.get(laneName)?.tasks.get(name) ?? {};
    const nowMs = this.#options.clock.monotonicMs();
    return dueMs.some((ms) => ms > nowMs) ? firstMs <= nowMs : undefined;
  }

  /** Returns the number of tasks with this prefix in their names, of one lane or of all. */
  count(prefix: string, laneName?: string): number {
    const lanes = laneName === undefined ? [...this.#lanes.values()] : [this.#lanes.get(laneName)];
    return lanes.flatMap((lane) => [...(lane?.tasks.keys() ?? [])]).filter((name) => name.startsWith(prefix)).length;
  }

  cancel(laneName: string, name: string): void {
    this.#lanes.get(laneName)?.tasks.delete(name);
  }

  /** Resolves when the current tasks have ended. The signal must have been aborted. */
  async close(): Promise<void> {
    for (const { state } of this.#lanes.values()) {
      if (state.is === 'waiting') state.timer.cancel();
      if (state.is === 'busy') await state.ended;
    }
  }

  /** Waits for the task that is due first. */
  #wake(lane: Lane): void {
    const { clock, signal } = this.#options;
    if (signal.aborted || lane.state.is === 'busy') return;
    if (lane.state.is === 'waiting') lane.state.timer.cancel();
    lane.state = { is: 'idle' };
    const [first, ...others] = lane.tasks;
    if (!first) return;
    const dueMsOf = ([, { dueMs }]: typeof first): number => dueMs[0] ?? 0;
    const next = others.reduce((one, other) => (dueMsOf(other) < dueMsOf(one) ? other : one), first);
    const waitMs = Math.max(dueMsOf(next), lane.restUntilMs) - clock.monotonicMs();
    // The state is busy before the task begins: it may add others.
    const begin = (): void => {
      lane.state = { is: 'busy', ended: Promise.resolve().then(() => this.#run(lane, next[0])) };
    };
    lane.state = { is: 'waiting', timer: clock.after(Math.max(1, waitMs), begin) };
  }

  async #run(lane: Lane, name: string): Promise<void> {
    const { clock, maxRestMs } = this.#options;
    const begunMs = clock.monotonicMs();
    const task = lane.tasks.get(name);
    if (task) {
      // A timer may end slightly early: the first time counts as passed.
      const dueMs = task.dueMs.slice(1).filter((ms) => ms > begunMs);
      if (dueMs.length === 0) lane.tasks.delete(name);
      else lane.tasks.set(name, { ...task, dueMs });
      await task.run();
      const endMs = clock.monotonicMs();
      lane.restUntilMs = endMs + Math.min(REST_MS + REST_SHARE * (endMs - begunMs), maxRestMs);
    }
    lane.state = { is: 'idle' };
    this.#wake(lane);
  }
}
