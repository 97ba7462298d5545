import type { RobotState } from '@medkit/vda5050';

/**
 * What of a state may not wait for the next one that is due (2.1.0, 6.10.1; 3.0.0, 6.6.1), as a text: states with the same
 * one differ in nothing urgent. Positions and charge go out with whatever comes next.
 */
export function urgentPart(state: RobotState): string {
  const { errors, driving, paused, operatingMode, safety, battery, actions, instantActions } = state;
  return JSON.stringify([driving, paused, operatingMode, safety, battery.charging, actions, instantActions, errors]);
}
