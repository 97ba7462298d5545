import { FRONT_RAD, STOP_DISTANCE_M } from '../robot/step.ts';

/** Settings of the safety gate. */
export interface GateSettings {
  /** Minimum distance to an obstacle in front while driving forward, metres. */
  readonly stopThresholdM: number;
  /** Half the angle of the sector in front that must be free, radians. */
  readonly frontRad: number;
  /** Maximum age of a scan. */
  readonly scanTimeoutMs: number;
  /** Maximum age of a requested velocity. */
  readonly wantedTimeoutMs: number;
  /** Additional distance beyond the threshold before the robot may continue, metres. */
  readonly releaseM: number;
  /** How long scans must show a free path before the robot may continue. */
  readonly releaseMs: number;
  /** Maximum wait for the first scan after the start before it is a fault. The robot is held in the meantime. */
  readonly firstScanMs: number;
}

/** Settings for a scanner with 10 turns per second. */
export const GATE_SETTINGS: GateSettings = {
  stopThresholdM: STOP_DISTANCE_M,
  frontRad: FRONT_RAD,
  scanTimeoutMs: 500,
  wantedTimeoutMs: 500,
  releaseM: 0.05,
  releaseMs: 200,
  firstScanMs: 30_000,
};
