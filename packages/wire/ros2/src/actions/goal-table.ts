import type { Clock, Timer } from '@medkit/edges';
import { AlreadyClosed, TooManyCalls } from '../errors.ts';
import type { RosMessage } from '../types/message.ts';
import type { GoalResult, GoalState } from './goal.ts';
import { type GoalInfoMessage, goalInfoMessage } from './goal-messages.ts';
import { type GoalEvent, type GoalStatus, isActive, nextStatus } from './goal-status.ts';

/** Maximum stored results, regardless of their timeout, because clients determine the number of goals. */
export const MAX_STORED_RESULTS = 1000;

/** Maximum requests that wait for the end of a goal. Clients that disappear do not withdraw theirs. */
export const MAX_RESULT_WAITERS = 1000;

const NO_GOAL: GoalResult = { status: 'unknown', result: {} };

/** A goal from its acceptance until its result is dropped. */
export interface ServerGoal extends GoalState {
  readonly info: GoalInfoMessage;
  /** Aborted when the goal is cancelled or the server closes. */
  readonly signal: AbortSignal;
}

interface Entry extends ServerGoal {
  status: GoalStatus;
  readonly cancel: AbortController;
  readonly ended: PromiseWithResolvers<GoalResult>;
}

interface Dependencies {
  readonly clock: Clock;
  readonly resultTimeoutMs: number;
  readonly maxGoals: number;
  /** A goal was accepted, or its status changed. */
  readonly onChange: () => void;
}

/** The goals of a server: active ones, and ended ones whose results are stored. */
export class GoalTable {
  readonly #deps: Dependencies;
  /** In the order of acceptance. */
  readonly #goals = new Map<string, Entry>();
  /** Timers that drop ended goals, in the order in which the goals ended. */
  readonly #forgetting = new Map<Entry, Timer>();
  #waiters = 0;
  #closed = false;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  get all(): ReadonlyMap<string, ServerGoal> {
    return this.#goals;
  }

  /** Number of active goals. */
  get active(): number {
    return this.#goals.size - this.#forgetting.size;
  }

  /** Accepts a goal. Returns `undefined` if its id exists, too many goals are active, or the table is closed. */
  accept(goalId: string): ServerGoal | undefined {
    const { clock, maxGoals, onChange } = this.#deps;
    if (this.#closed || this.#goals.has(goalId) || this.active >= maxGoals) return undefined;
    const acceptedNs = clock.wallNs();
    const cancel = new AbortController();
    const goal: Entry = {
      goalId,
      status: 'accepted',
      acceptedNs,
      info: goalInfoMessage(goalId, acceptedNs),
      signal: cancel.signal,
      cancel,
      ended: Promise.withResolvers(),
    };
    this.#goals.set(goalId, goal);
    onChange();
    return goal;
  }

  /** Marks a goal as executing. A goal that is already being cancelled stays in that status. */
  begin(goalId: string): void {
    this.#move(this.#goals.get(goalId), 'execute');
  }

  /** Starts to cancel a goal. Returns false if it can no longer be cancelled. */
  cancel(goalId: string): boolean {
    const goal = this.#goals.get(goalId);
    if (!goal || !this.#move(goal, 'cancel-goal')) return false;
    goal.cancel.abort();
    return true;
  }

  /** Ends a goal and stores its result for a while. Returns false if the event is not allowed in its status. */
  end(goalId: string, event: 'succeed' | 'abort' | 'canceled', result: RosMessage): boolean {
    const goal = this.#goals.get(goalId);
    if (!goal || !this.#move(goal, event)) return false;
    goal.ended.resolve({ status: goal.status, result });
    this.#keepForAWhile(goal);
    return true;
  }

  /**
   * Waits for the end of a goal and returns its result, `unknown` if there is no such goal. Rejects with `TooManyCalls`
   * if too many requests already wait.
   */
  async result(goalId: string): Promise<GoalResult> {
    const goal = this.#goals.get(goalId);
    if (!goal) return NO_GOAL;
    if (this.#waiters >= MAX_RESULT_WAITERS)
      throw new TooManyCalls(`${this.#waiters} requests are already waiting for results`);
    this.#waiters++;
    try {
      return await goal.ended.promise;
    } finally {
      this.#waiters--;
    }
  }

  /** Drops all goals and accepts no more. Active goals are aborted. */
  close(): void {
    this.#closed = true;
    const active = [...this.#goals.values()].filter(({ status }) => isActive(status));
    for (const timer of this.#forgetting.values()) timer.cancel();
    this.#forgetting.clear();
    this.#goals.clear();
    for (const { cancel, ended } of active) {
      cancel.abort(new AlreadyClosed('the action server is closed'));
      ended.resolve(NO_GOAL);
    }
  }

  #move(goal: Entry | undefined, event: GoalEvent): boolean {
    const status = goal && nextStatus(goal.status, event);
    if (!status) return false;
    goal.status = status;
    this.#deps.onChange();
    return true;
  }

  #keepForAWhile(goal: Entry): void {
    const { clock, resultTimeoutMs } = this.#deps;
    this.#forgetting.set(
      goal,
      clock.after(resultTimeoutMs, () => this.#forget(goal)),
    );
    if (this.#forgetting.size > MAX_STORED_RESULTS) {
      const [oldest] = this.#forgetting.keys();
      this.#forget(oldest);
    }
  }

  #forget(goal: Entry): void {
    this.#forgetting.get(goal)?.cancel();
    this.#forgetting.delete(goal);
    this.#goals.delete(goal.goalId);
  }
}
