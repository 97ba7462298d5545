import type { VitalSign } from '@medkit/contract';
import { texts } from '../texts/texts.ts';
import { formatValue } from '../values/format-value.ts';

/** Statuses of `action_msgs/msg/GoalStatus`, by number. */
const GOAL_STATUSES = ['unknown', 'accepted', 'executing', 'canceling', 'succeeded', 'canceled', 'aborted'] as const;
export type GoalStatus = (typeof GOAL_STATUSES)[number];

/** A vital sign as shown: `{ text: '87', unit: '%' }`. An unknown value has no text. */
export interface SignText {
  readonly text: string | undefined;
  readonly unit?: string | null | undefined;
  /** True if the value needs attention, such as an aborted goal. */
  readonly isBad?: boolean;
}

/** Charge below which a battery is marked; medkit does not know where the robot docks. */
const LOW_CHARGE = 0.2;

/** Significant digits of a number; more would not be readable while the value changes. */
const DIGITS = 3;

/** Returns a vital sign as shown. `sensor_msgs/msg/BatteryState` has NaN, in JSON `null`, for an unknown charge. */
export function signText({ kind, unit }: Pick<VitalSign, 'kind' | 'unit'>, value: unknown): SignText {
  switch (kind) {
    case 'battery':
      if (typeof value !== 'number') return { text: undefined };
      return { text: String(Math.round(value * 100)), unit: '%', isBad: value < LOW_CHARGE };
    case 'speed':
      // The sign of a robot that stands still would flicker.
      return { text: typeof value === 'number' ? (Math.round(value * 100) / 100 || 0).toFixed(2) : undefined, unit };
    case 'goal': {
      const status = goalStatus(value);
      return status === undefined
        ? { text: texts.vitals.noGoal }
        : { text: texts.vitals.goals[status], isBad: status === 'aborted' };
    }
    case 'value':
      return value === undefined || value === null
        ? { text: undefined }
        : { text: typeof value === 'number' ? String(Number(value.toPrecision(DIGITS))) : formatValue(value), unit };
  }
}

/** Returns the status of the newest goal of a `action_msgs/msg/GoalStatusArray`, or `undefined` if it has no goal. */
export function goalStatus(value: unknown): GoalStatus | undefined {
  const { status_list } = Object(value);
  if (!Array.isArray(status_list) || status_list.length === 0) return undefined;
  const newest = status_list.reduce((one, other) => (acceptedAt(other) >= acceptedAt(one) ? other : one));
  return GOAL_STATUSES[Number(Object(newest).status)] ?? 'unknown';
}

function acceptedAt(status: unknown): number {
  const { sec, nanosec } = Object(Object(Object(status).goal_info).stamp);
  return Number(sec) + Number(nanosec) / 1e9 || 0;
}
