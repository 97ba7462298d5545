import type { Point } from '../world/plane.ts';

/** An order to drive to a place. */
export interface Order {
  /** UUID with dashes, lower case. */
  readonly id: string;
  readonly place: Point;
  /** Final heading; absent for any heading. */
  readonly yaw?: number;
}

/** The current goal: an order, or a place of the robot's own round. */
export interface Goal extends Order {
  /** Step in which it started. */
  readonly since: number;
  /** Remaining waypoints; the place itself is last. */
  readonly way: readonly Point[];
  /** Number of failed attempts to find another path while blocked. */
  readonly recoveries: number;
}

/** Outcome of a goal; `preempted` by a newer one. */
export type GoalOutcome = 'reached' | 'canceled' | 'preempted' | 'no-progress' | 'battery-low';

export interface EndedGoal {
  readonly id: string;
  readonly outcome: GoalOutcome;
}

const ROUND_GOAL = '00000000-0000-0000-0000-';

/** Returns the id of a goal of the robot's own round: its number, so that ids are equal in every run. */
export function roundGoalId(count: number): string {
  return ROUND_GOAL + count.toString(16).padStart(12, '0');
}

export function isRoundGoal(id: string): boolean {
  return id.startsWith(ROUND_GOAL);
}
