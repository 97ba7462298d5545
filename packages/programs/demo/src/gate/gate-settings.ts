import { FRONT_RAD, STOP_DISTANCE_M } from '../robot/step.ts';

/** What the safety gate goes by. */
export interface GateSettings {
  /** Nobody in front may be nearer while the robot drives forward, metres. */
  readonly stopThresholdM: number;
  /** Half the angle of the sector in front that must be free, radians. */
  readonly frontRad: number;
  /** A scan that is older counts for nothing. */
  readonly scanTimeoutMs: number;
  /** A wanted velocity that is older counts for nothing. */
  readonly wantedTimeoutMs: number;
  /** How much farther than the threshold all must be before the robot may go on, metres. */
  readonly releaseM: number;
  /** Scans must have said for so long that the way is free before the robot may go on. */
  readonly releaseMs: number;
  /** How long after its start the gate waits for the first scan before that is a fault. The robot is held meanwhile. */
  readonly firstScanMs: number;
}

/** For a scanner that turns ten times a second. */
export const GATE_SETTINGS: GateSettings = {
  stopThresholdM: STOP_DISTANCE_M,
  frontRad: FRONT_RAD,
  scanTimeoutMs: 500,
  wantedTimeoutMs: 500,
  releaseM: 0.05,
  releaseMs: 200,
  firstScanMs: 30_000,
};
