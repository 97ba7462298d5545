import type { RobotState } from '@medkit/vda5050';

/**
 * The part of a state that requires an immediate message (2.1.0, 6.10.1; 3.0.0, 6.6.1), as text for comparison. Positions and
 * charge are not urgent and are sent with the next state.
 */
export function urgentFields(state: RobotState): string {
  const { errors, driving, paused, operatingMode, safety, battery, actions, instantActions } = state;
  return JSON.stringify([driving, paused, operatingMode, safety, battery.charging, actions, instantActions, errors]);
}
