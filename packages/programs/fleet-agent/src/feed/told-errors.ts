import type { Protocol } from '@medkit/vda5050';
import type { RobotPicture } from '../picture/robot-picture.ts';
import { wordsOf } from '../state/words-of.ts';

/** What is wrong with a robot, for a client of its own that speaks with the fleet: it takes the items over into its states. */
export interface ToldErrors {
  /** VDA 5050, in whose words the items are. */
  readonly version: string;
  /** Why it is not known now how the robot is; the items are those that were known last. */
  readonly problem?: string;
  readonly errors: readonly unknown[];
  readonly information: readonly unknown[];
}

const NOT_YET = { errors: [], information: [], gatewayProblem: 'the gateway has not answered yet' } as const;

/** The errors and information of a picture as a state of the protocol's version would have them. */
export function toldErrors(protocol: Protocol, picture: RobotPicture | undefined): ToldErrors {
  const { errors, information, gatewayProblem } = picture ?? NOT_YET;
  return {
    version: protocol.version,
    ...(gatewayProblem !== undefined && { problem: gatewayProblem }),
    ...wordsOf(protocol, { errors, information }),
  };
}
