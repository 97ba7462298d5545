import { LOW_VOLTAGE_V } from './battery.ts';
import { MAX_LINEAR_MPS } from './drive.ts';

/** How long navigation tries to pass somebody before it gives its goal up, unless another time is set. */
export const PATIENCE_SEC = 5;

/** What acts on the robot from outside: what goes wrong, and what it is set to. */
export interface Conditions {
  /** Somebody steps into the robot's way. */
  readonly obstacle: boolean;
  /** A cell of the battery fails. */
  readonly failingBattery: boolean;
  /** The fastest the robot may drive, metres per second. */
  readonly speedLimitMps: number;
  /** Below it the robot does not drive on. */
  readonly lowVoltageV: number;
  /** How long navigation tries to pass somebody before it gives its goal up. */
  readonly patienceSec: number;
  /** The robot drives its round whenever there is no order for it. */
  readonly round: boolean;
  /** The filling station lets vehicles move. Without its release the robot stands where it is. */
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
