import type { Clock } from '@medkit/edges';
import { type GoalState, type GoalStatus, isActive, type RosMessage } from '@medkit/ros2';
import { executionIdOf } from './goal-id.ts';

/** Maximum stored goals of an action; beyond it, the goals that ended first are removed. */
export const MAX_GOALS = 100;
/** How long a goal is stored after its end. */
export const KEEP_ENDED_MS = 3_600_000;

/** State of a goal. */
export interface Goal {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly status: GoalStatus;
  /** The capability that a client of the gateway requested last. */
  readonly capability: 'execute' | 'stop';
  /** Nanoseconds since the epoch by the server's clock; 0 until the server has reported it. */
  readonly acceptedNs: bigint;
  /**
   * When the gateway received the change, in milliseconds since the epoch; `undefined` if the goal was already in that
   * state when first seen.
   */
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
  readonly feedback: RosMessage | undefined;
  readonly result: RosMessage | undefined;
  /** The server has included it in its list of goals. */
  readonly listed: boolean;
  /** Its server has left or no longer lists it, so its outcome cannot be determined. */
  readonly lost: boolean;
  /** Its result was requested. */
  readonly resultRequested: boolean;
}

const UNKNOWN_GOAL: Omit<Goal, 'id'> = {
  status: 'unknown',
  capability: 'execute',
  acceptedNs: 0n,
  startedMs: undefined,
  endedMs: undefined,
  feedback: undefined,
  result: undefined,
  listed: false,
  lost: false,
  resultRequested: false,
};

/** Returns whether a goal may still be running. */
export function isUnderWay({ status, lost }: Goal): boolean {
  return !lost && (isActive(status) || status === 'unknown');
}

/** Returns the ROS status of a goal; `unknown` if it is lost. */
export function statusOf({ status, lost }: Pick<Goal, 'status' | 'lost'>): GoalStatus {
  return lost ? 'unknown' : status;
}

export interface GoalLogOptions {
  readonly clock: Clock;
  /** Called when the status of a goal changes and when a goal is first seen. */
  readonly changed?: (goal: Goal) => void;
}

/** The running and recently ended goals of one action, whichever client sent them. */
export class GoalLog {
  readonly #clock: Clock;
  readonly #changed: GoalLogOptions['changed'];
  readonly #goals = new Map<string, Goal>();
  /** When the gateway noticed the end of each goal, in monotonic milliseconds and in that order. */
  readonly #endedAt = new Map<string, number>();
  #quiet: PromiseWithResolvers<void> | undefined;

  constructor({ clock, changed }: GoalLogOptions) {
    this.#clock = clock;
    this.#changed = changed;
  }

  get(id: string): Goal | undefined {
    this.#forgetOld();
    return this.#goals.get(id);
  }

  /** Newest first. */
  all(): readonly Goal[] {
    this.#forgetOld();
    const goals = [...this.#goals.values()].reverse();
    return goals.sort((a, b) => (a.acceptedNs < b.acceptedNs ? 1 : a.acceptedNs > b.acceptedNs ? -1 : 0));
  }

  get underWay(): number {
    return this.#goals.size - this.#endedAt.size;
  }

  /** Resolves when no goal is running; immediately if none is. */
  async untilQuiet(): Promise<void> {
    if (this.underWay === 0) return;
    this.#quiet ??= Promise.withResolvers();
    await this.#quiet.promise;
  }

  /** Updates a goal, or adds it. */
  note(id: string, news: Partial<Omit<Goal, 'id' | 'startedMs' | 'endedMs'>>): Goal {
    const before = this.#goals.get(id);
    const goal = this.#timed(before, { ...UNKNOWN_GOAL, ...before, id, ...news });
    this.#goals.set(id, goal);
    if (isUnderWay(goal)) this.#endedAt.delete(id);
    else if (!this.#endedAt.has(id)) this.#endedAt.set(id, this.#clock.monotonicMs());
    this.#makeRoom();
    this.#notifyIfQuiet();
    if (statusOf(goal) !== (before && statusOf(before))) this.#changed?.(goal);
    return goal;
  }

  /** Applies the goal list of a server. A running goal that was listed before and is missing now is lost. */
  take(states: readonly GoalState[]): void {
    const listed = new Set<string>();
    for (const [at, { goalId, status, acceptedNs }] of states.entries()) {
      const id = executionIdOf(goalId);
      if (id === undefined) continue;
      listed.add(id);
      const known = this.#goals.get(id);
      // Servers list the newest goals last; only those of the unknown goals fit.
      if (!known && at < states.length - MAX_GOALS) continue;
      // Each message lists all goals, mostly unchanged. The end of a goal may also arrive before the list that shows
      // it.
      const ended = known !== undefined && !known.lost && !isUnderWay(known);
      if (ended || (known?.listed && !known.lost && known.status === status)) continue;
      this.note(id, { status, acceptedNs, listed: true, lost: false });
    }
    for (const goal of [...this.#goals.values()]) {
      if (goal.listed && isUnderWay(goal) && !listed.has(goal.id)) this.note(goal.id, { lost: true });
    }
  }

  /** Marks the running goals as lost because the server has left; they recover if it returns. */
  lose(): void {
    for (const goal of [...this.#goals.values()])
      if (isUnderWay(goal)) this.note(goal.id, { lost: true, resultRequested: false });
  }

  #timed(before: Goal | undefined, goal: Goal): Goal {
    const nowMs = this.#clock.wallMs();
    const ends = before !== undefined && isUnderWay(before);
    return {
      ...goal,
      startedMs: goal.startedMs ?? (before && goal.status === 'executing' ? nowMs : undefined),
      endedMs: isUnderWay(goal) ? undefined : (goal.endedMs ?? (ends ? nowMs : undefined)),
    };
  }

  #forgetOld(): void {
    const untilMs = this.#clock.monotonicMs() - KEEP_ENDED_MS;
    for (const [id, endedAt] of this.#endedAt) {
      if (endedAt > untilMs) return;
      this.#forget(id);
    }
  }

  #makeRoom(): void {
    while (this.#goals.size > MAX_GOALS) {
      const [first] = this.#endedAt.size > 0 ? this.#endedAt.keys() : this.#goals.keys();
      if (first !== undefined) this.#forget(first);
    }
  }

  #forget(id: string): void {
    this.#goals.delete(id);
    this.#endedAt.delete(id);
  }

  #notifyIfQuiet(): void {
    if (this.underWay > 0) return;
    this.#quiet?.resolve();
    this.#quiet = undefined;
  }
}
