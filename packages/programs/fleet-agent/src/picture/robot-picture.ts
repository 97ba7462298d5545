import type { RobotError, RobotInformation, RobotState } from '@medkit/vda5050';

/** State members that are mapped from data of the robot. */
export type MappedMembers = Pick<
  RobotState,
  'position' | 'velocity' | 'driving' | 'battery' | 'operatingMode' | 'safety'
>;

/** A state member without a value, by its name in the agent file, such as `battery.charge`. */
export interface MissingMember {
  readonly member: string;
  /** Reason as text. */
  readonly reason: string;
}

/** Snapshot of what the gateway knows about a robot, as far as it is reported to a fleet. */
export interface RobotPicture {
  /** Why the gateway is unavailable. While set, the current state of the robot is unknown. */
  readonly gatewayProblem: string | undefined;
  /** Errors for active root causes, most severe first. */
  readonly errors: readonly RobotError[];
  readonly information: readonly RobotInformation[];
  /** `undefined` while a member has never had a value (see `missing`): no complete state can be sent then. */
  readonly members: MappedMembers | undefined;
  readonly missing: readonly MissingMember[];
}

/** Follows a robot through its gateway. */
export interface PictureSource {
  /** `undefined` until the gateway has answered or failed to answer. */
  readonly picture: RobotPicture | undefined;
  /** Calls `listener` for each new picture. Returns a function that stops this. */
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}
