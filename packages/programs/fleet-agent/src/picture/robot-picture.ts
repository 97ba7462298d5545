import type { RobotError, RobotInformation, RobotState } from '@medkit/vda5050';

/** What of a state comes from data of the robot, as the integrator has mapped it. */
export type MappedMembers = Pick<
  RobotState,
  'position' | 'velocity' | 'driving' | 'battery' | 'operatingMode' | 'safety'
>;

/** A member of a state for which there is no value, by its name in the agent's file, such as `battery.charge`. */
export interface MissingMember {
  readonly member: string;
  /** Why there is none, in words for people. */
  readonly why: string;
}

/** What the gateway knows of a robot at one moment, as far as a fleet is told of it. */
export interface RobotPicture {
  /** Why the gateway cannot be asked; while there is a reason, how the robot is now is not known. */
  readonly gatewayProblem: string | undefined;
  /** Of faults that stand and no other one explains, the gravest first. */
  readonly errors: readonly RobotError[];
  readonly information: readonly RobotInformation[];
  /** `undefined` as long as a member never had a value, which `missing` names: without it no whole state can be told. */
  readonly members: MappedMembers | undefined;
  readonly missing: readonly MissingMember[];
}

/** Follows a robot through its gateway. */
export interface PictureSource {
  /** `undefined` until the gateway has answered, or has been found not to. */
  readonly picture: RobotPicture | undefined;
  /** Calls `listener` whenever there is another picture. Gives the end of that. */
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}
