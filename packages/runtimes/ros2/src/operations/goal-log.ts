import type { Clock } from '@medkit/edges';
import { type GoalState, type GoalStatus, isActive, type RosMessage } from '@medkit/ros2';
import { executionIdOf } from './goal-id.ts';

/** Goals of one action that are remembered; of more, those that ended first are forgotten first. */
export const MAX_GOALS = 100;
/** How long a goal is remembered after its end. */
export const KEEP_ENDED_MS = 3_600_000;

/** What is known of a goal. */
export interface Goal {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly status: GoalStatus;
  /** The capability that a client of ours asked for last. */
  readonly capability: 'execute' | 'stop';
  /** Nanoseconds since the epoch, as the server's clock has it; 0 as long as it has not said. */
  readonly acceptedNs: bigint;
  /** When we heard so, milliseconds since the epoch; `undefined` where it was so when we first heard of it. */
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
  readonly feedback: RosMessage | undefined;
  readonly result: RosMessage | undefined;
  /** Its server has told of it in its list of goals. */
  readonly listed: boolean;
  /** Its server has gone, or does not list it any more, and nobody will say how it ended. */
  readonly lost: boolean;
  /** Its result was asked for. */
  readonly asked: boolean;
}

const UNHEARD_OF: Omit<Goal, 'id'> = {
  status: 'unknown',
  capability: 'execute',
  acceptedNs: 0n,
  startedMs: undefined,
  endedMs: undefined,
  feedback: undefined,
  result: undefined,
  listed: false,
  lost: false,
  asked: false,
};

/** True for a goal that may still move. */
export function isUnderWay({ status, lost }: Goal): boolean {
  return !lost && (isActive(status) || status === 'unknown');
}

/** How a goal stands, in the words of ROS: `unknown` also for one that is lost. */
export function statusOf({ status, lost }: Pick<Goal, 'status' | 'lost'>): GoalStatus {
  return lost ? 'unknown' : status;
}

export interface GoalLogOptions {
  readonly clock: Clock;
  /** Hears of every goal that stands in another way than before, those that are heard of for the first time included. */
  readonly changed?: (goal: Goal) => void;
}

/** The goals of one action: those under way and those that ended lately, whoever sent them. */
export class GoalLog {
  readonly #clock: Clock;
  readonly #changed: GoalLogOptions['changed'];
  readonly #goals = new Map<string, Goal>();
  /** When each goal that is over was found to be, monotonic milliseconds; in that order. */
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

  /** The newest first. */
  all(): readonly Goal[] {
    this.#forgetOld();
    const goals = [...this.#goals.values()].reverse();
    return goals.sort((a, b) => (a.acceptedNs < b.acceptedNs ? 1 : a.acceptedNs > b.acceptedNs ? -1 : 0));
  }

  get underWay(): number {
    return this.#goals.size - this.#endedAt.size;
  }

  /** Resolves when no goal is under way, at once where none is. */
  async untilQuiet(): Promise<void> {
    if (this.underWay === 0) return;
    this.#quiet ??= Promise.withResolvers();
    await this.#quiet.promise;
  }

  /** Takes what is new of a goal, which may be the first that is heard of it. */
  note(id: string, news: Partial<Omit<Goal, 'id' | 'startedMs' | 'endedMs'>>): Goal {
    const before = this.#goals.get(id);
    const goal = this.#timed(before, { ...UNHEARD_OF, ...before, id, ...news });
    this.#goals.set(id, goal);
    if (isUnderWay(goal)) this.#endedAt.delete(id);
    else if (!this.#endedAt.has(id)) this.#endedAt.set(id, this.#clock.monotonicMs());
    this.#makeRoom();
    this.#tellIfQuiet();
    if (statusOf(goal) !== (before && statusOf(before))) this.#changed?.(goal);
    return goal;
  }

  /** Takes the list of goals that a server keeps. One under way that was on it and is no more is lost. */
  take(states: readonly GoalState[]): void {
    const listed = new Set<string>();
    for (const [at, { goalId, status, acceptedNs }] of states.entries()) {
      const id = executionIdOf(goalId);
      if (id === undefined) continue;
      listed.add(id);
      const known = this.#goals.get(id);
      // Servers list the newest last: of those never heard of, only they have room.
      if (!known && at < states.length - MAX_GOALS) continue;
      // Each message lists all goals: mostly nothing is new. And what says that a goal has ended may overtake the list.
      const ended = known !== undefined && !known.lost && !isUnderWay(known);
      if (ended || (known?.listed && !known.lost && known.status === status)) continue;
      this.note(id, { status, acceptedNs, listed: true, lost: false });
    }
    for (const goal of [...this.#goals.values()]) {
      if (goal.listed && isUnderWay(goal) && !listed.has(goal.id)) this.note(goal.id, { lost: true });
    }
  }

  /** The server has gone: nobody will say how the goals under way end, unless it comes back. */
  lose(): void {
    for (const goal of [...this.#goals.values()])
      if (isUnderWay(goal)) this.note(goal.id, { lost: true, asked: false });
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

  #tellIfQuiet(): void {
    if (this.underWay > 0) return;
    this.#quiet?.resolve();
    this.#quiet = undefined;
  }
}
