import type { Point } from '../world/plane.ts';

/** The wish that the robot drive to a place. */
export interface Order {
  /** UUID with dashes, lower case. */
  readonly id: string;
  readonly place: Point;
  /** How it is to stand there; left out, as it comes. */
  readonly yaw?: number;
}

/** An order, or a place of its own round, that the robot is on its way to. */
export interface Goal extends Order {
  /** The step in which it was taken up. */
  readonly since: number;
  /** What is left of the way: where to drive to, the place itself last. */
  readonly way: readonly Point[];
  /** How often a new way was looked for in vain, as the one there is was blocked. */
  readonly recoveries: number;
}

/** How a goal ended; `preempted` is for a newer one. */
export type GoalOutcome = 'reached' | 'canceled' | 'preempted' | 'no-progress' | 'battery-low';

export interface EndedGoal {
  readonly id: string;
  readonly outcome: GoalOutcome;
}

const ROUND_GOAL = '00000000-0000-0000-0000-';

/** The id of a goal of the robot's own round: its number, so that every run of the demo has the same ones. */
export function roundGoalId(count: number): string {
  return ROUND_GOAL + count.toString(16).padStart(12, '0');
}

export function isRoundGoal(id: string): boolean {
  return id.startsWith(ROUND_GOAL);
}
