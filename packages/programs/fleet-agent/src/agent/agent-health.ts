import type { RobotAddress } from '@medkit/vda5050';
import type { RobotPicture } from '../picture/robot-picture.ts';
import type { Role, SerialState } from '../serial/serial-state.ts';
import { pictureProblem } from '../state/state-message.ts';
import type { StateCounts } from './state-publisher.ts';

/** Health of an agent. */
export interface AgentHealth {
  readonly role: Role;
  readonly why: string;
  /** What the user can do to make the agent the client of the serial number. */
  readonly remedy?: string;
  readonly robot: { readonly version: string; readonly manufacturer: string; readonly serial: string };
  readonly broker: { readonly url: string; readonly connected: boolean; readonly problem?: string };
  /** Why no state is sent; absent if states are sent. */
  readonly withheld?: string;
  readonly states: StateCounts;
  readonly warnings: readonly string[];
}

export interface AgentCondition {
  readonly robot: RobotAddress;
  readonly brokerUrl: string;
  readonly mode: 'sole' | 'feed';
  readonly standing: SerialState;
  readonly picture: RobotPicture | undefined;
  readonly brokerProblem: string | undefined;
  readonly states: StateCounts;
  readonly warnings: readonly string[];
}

/** Remedy if another client publishes instead of this agent. */
export const REMEDY =
  'this agent publishes again after the other client was silent for five times listen_s; if that is the client of the robot, set mode: feed; if it was removed for good, start once with --take-over; if there must be no other client, let the ACL of the broker allow only this agent to publish there';

export function agentHealth(condition: AgentCondition): AgentHealth {
  const { robot, brokerUrl, mode, standing, picture, brokerProblem, states, warnings } = condition;
  const { role, reason, openedMs } = standing;
  const { version, manufacturer, serialNumber: serial } = robot;
  const withheld = role === 'sole' ? pictureProblem(picture) : reason;
  return {
    role,
    why: reason,
    ...(role === 'feed' && mode === 'sole' && { remedy: REMEDY }),
    robot: { version, manufacturer, serial },
    broker: {
      url: brokerUrl,
      connected: openedMs !== undefined,
      ...(brokerProblem !== undefined && { problem: brokerProblem }),
    },
    ...(withheld !== undefined && { withheld }),
    states,
    warnings,
  };
}
