import type { RobotError, RobotInformation } from './robot-error.ts';

/** Names of 3.0.0; 2.1.0 has no `STARTUP` and no `INTERVENED`. */
export const OPERATING_MODES = [
  'STARTUP',
  'AUTOMATIC',
  'SEMIAUTOMATIC',
  'INTERVENED',
  'MANUAL',
  'SERVICE',
  'TEACH_IN',
] as const;
export type OperatingMode = (typeof OPERATING_MODES)[number];

/** How an emergency stop can be released; 3.0.0 has no `AUTOACK`. */
export const EMERGENCY_STOPS = ['AUTOACK', 'MANUAL', 'REMOTE', 'NONE'] as const;
export type EmergencyStop = (typeof EMERGENCY_STOPS)[number];

/** Names of 3.0.0; 2.1.0 has no `RETRIABLE`. */
export const ACTION_STATUSES = [
  'WAITING',
  'INITIALIZING',
  'RUNNING',
  'PAUSED',
  'RETRIABLE',
  'FINISHED',
  'FAILED',
] as const;
export type ActionStatus = (typeof ACTION_STATUSES)[number];

/** Metres and radians in a map. */
export interface Position {
  readonly mapId: string;
  readonly x: number;
  readonly y: number;
  /** From -π to π. */
  readonly theta: number;
  /** False: the other values are not reliable. */
  readonly localized: boolean;
}

/** Metres and radians per second, in the robot's coordinate system. */
export interface Velocity {
  readonly vx: number;
  readonly vy: number;
  readonly omega: number;
}

export interface Battery {
  /** 0 to 100. */
  readonly chargePercent: number;
  readonly charging: boolean;
  readonly voltageV?: number;
}

export interface ActionState {
  readonly actionId: string;
  readonly actionType?: string;
  readonly status: ActionStatus;
  /** Result as text. */
  readonly result?: string;
}

/** A node or edge of the order that the robot has not passed yet. */
export interface OrderStep {
  readonly id: string;
  readonly sequenceId: number;
  /** False: part of the horizon, which the fleet control may still change. */
  readonly released: boolean;
}

/** The state of a robot, independent of the version of the standard. */
export interface RobotState {
  /** The current or last order. Absent if the robot never had one. */
  readonly order?: { readonly orderId: string; readonly orderUpdateId: number };
  readonly lastNode?: { readonly nodeId: string; readonly sequenceId: number };
  readonly nodes: readonly OrderStep[];
  readonly edges: readonly OrderStep[];
  /** Absent if the robot cannot determine its position. */
  readonly position?: Position;
  readonly velocity?: Velocity;
  readonly driving: boolean;
  readonly paused?: boolean;
  /** Actions of the order. */
  readonly actions: readonly ActionState[];
  /** Actions of the topic `instantActions`. 2.1.0 lists them among the others. */
  readonly instantActions: readonly ActionState[];
  readonly battery: Battery;
  readonly operatingMode: OperatingMode;
  readonly errors: readonly RobotError[];
  readonly information: readonly RobotInformation[];
  readonly safety: { readonly emergencyStop: EmergencyStop; readonly fieldViolation: boolean };
}
