import type { RobotError, RobotInformation } from './robot-error.ts';

/** As 3.0.0 spells them; 2.1.0 has no `STARTUP` and no `INTERVENED`. */
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

/** Who can release an emergency stop; 3.0.0 has no `AUTOACK`. */
export const EMERGENCY_STOPS = ['AUTOACK', 'MANUAL', 'REMOTE', 'NONE'] as const;
export type EmergencyStop = (typeof EMERGENCY_STOPS)[number];

/** As 3.0.0 has them; 2.1.0 has no `RETRIABLE`. */
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

/** Metres and radians on a map. */
export interface Position {
  readonly mapId: string;
  readonly x: number;
  readonly y: number;
  /** From -π to π. */
  readonly theta: number;
  /** False: the others cannot be trusted. */
  readonly localized: boolean;
}

/** Metres and radians a second, in the robot's own coordinates. */
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
  /** What came of it, in words. */
  readonly result?: string;
}

/** A node or an edge of the order that the robot has yet to pass. */
export interface OrderStep {
  readonly id: string;
  readonly sequenceId: number;
  /** False: of the horizon, which fleet control may still change. */
  readonly released: boolean;
}

/** What a robot tells of itself: the same for every version of the standard. */
export interface RobotState {
  /** The order that it has, or had last; absent where it never had one. */
  readonly order?: { readonly orderId: string; readonly orderUpdateId: number };
  readonly lastNode?: { readonly nodeId: string; readonly sequenceId: number };
  readonly nodes: readonly OrderStep[];
  readonly edges: readonly OrderStep[];
  /** Absent where the robot cannot know where it is. */
  readonly position?: Position;
  readonly velocity?: Velocity;
  readonly driving: boolean;
  readonly paused?: boolean;
  /** Of the order. */
  readonly actions: readonly ActionState[];
  /** Those of the topic `instantActions`; 2.1.0 has them among the others. */
  readonly instantActions: readonly ActionState[];
  readonly battery: Battery;
  readonly operatingMode: OperatingMode;
  readonly errors: readonly RobotError[];
  readonly information: readonly RobotInformation[];
  readonly safety: { readonly emergencyStop: EmergencyStop; readonly fieldViolation: boolean };
}
