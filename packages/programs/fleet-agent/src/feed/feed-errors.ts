import type { Protocol } from '@medkit/vda5050';
import type { RobotPicture } from '../picture/robot-picture.ts';
import { encodeErrors } from '../state/encode-errors.ts';

/** Errors of a robot for its own VDA 5050 client, which copies the items into its states. */
export interface FeedErrors {
  /** VDA 5050 version of the items. */
  readonly version: string;
  /** Why the current state of the robot is unknown; the items are then the last known ones. */
  readonly problem?: string;
  readonly errors: readonly unknown[];
  readonly information: readonly unknown[];
}

const NOT_YET = { errors: [], information: [], gatewayProblem: 'the gateway has not answered yet' } as const;

/** Encodes the errors and information of a picture in the protocol version. */
export function feedErrors(protocol: Protocol, picture: RobotPicture | undefined): FeedErrors {
  const { errors, information, gatewayProblem } = picture ?? NOT_YET;
  return {
    version: protocol.version,
    ...(gatewayProblem !== undefined && { problem: gatewayProblem }),
    ...encodeErrors(protocol, { errors, information }),
  };
}
