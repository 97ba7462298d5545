import { LOW_VOLTAGE_V } from './battery.ts';
import { MAX_LINEAR_MPS } from './drive.ts';

/** Default time for which navigation tries to pass a person before it aborts its goal. */
export const PATIENCE_SEC = 5;

/** External conditions of the robot: failures and settings. */
export interface Conditions {
  /** A person steps into the robot's path. */
  readonly obstacle: boolean;
  /** A cell of the battery fails. */
  readonly failingBattery: boolean;
  /** Speed limit, metres per second. */
  readonly speedLimitMps: number;
  /** Voltage below which the robot stops. */
  readonly lowVoltageV: number;
  /** Time for which navigation tries to pass a person before it aborts its goal. */
  readonly patienceSec: number;
  /** The robot drives its round while it has no order. */
  readonly round: boolean;
  /** The filling station releases vehicles. Without its release the robot stands still. */
  readonly released: boolean;
}

export const NORMAL_CONDITIONS: Conditions = {
  obstacle: false,
  failingBattery: false,
  speedLimitMps: MAX_LINEAR_MPS,
  lowVoltageV: LOW_VOLTAGE_V,
  patienceSec: PATIENCE_SEC,
  round: true,
  released: true,
};
