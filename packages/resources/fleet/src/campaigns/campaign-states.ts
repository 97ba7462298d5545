import type { FleetCampaignRobotState } from '@medkit/contract';

/** States in which the hub changes a robot now. */
const CHANGING: readonly FleetCampaignRobotState[] = [
  'transferring',
  'preparing',
  'executing',
  'confirming',
  'rolling_back',
];
/** States of a robot that a campaign has begun with and that has not ended. */
export const UNDER_WAY: readonly FleetCampaignRobotState[] = [...CHANGING, 'soaking'];
/** States in which nothing is changed yet, so that a stop, an expiry or a cancel ends the work on the robot. */
const UNCHANGED: readonly FleetCampaignRobotState[] = ['selected', 'waiting', 'transferring', 'preparing'];

const sqlOf = (states: readonly FleetCampaignRobotState[]): string =>
  `(${states.map((state) => `'${state}'`).join(', ')})`;

/** The states in SQL in which a robot takes one of the places of `limits.in_progress`. */
export const IN_PROGRESS = sqlOf(CHANGING);
/** The states in SQL in which another campaign of the kind does not change the robot. */
export const OCCUPIED = sqlOf(UNDER_WAY);
/** The states in SQL that an expiry or a cancel ends. */
export const NOT_BEGUN = sqlOf(UNCHANGED);
