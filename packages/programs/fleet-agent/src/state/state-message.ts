import type { RobotState } from '@medkit/vda5050';
import { type InstantActionTracker, refusalsOf } from '../orders/instant-action-tracker.ts';
import type { MappedMembers, RobotPicture } from '../picture/robot-picture.ts';

/** A picture that is sufficient for a complete state. */
export interface CompletePicture extends RobotPicture {
  readonly gatewayProblem: undefined;
  readonly members: MappedMembers;
}

/** Returns the reason why a picture is insufficient for a complete state, or `undefined`. */
export function pictureProblem(picture: RobotPicture | undefined): string | undefined {
  if (picture === undefined) return 'the gateway has not answered yet';
  if (picture.gatewayProblem !== undefined) return picture.gatewayProblem;
  if (picture.members !== undefined) return undefined;
  const missing = picture.missing.map(({ member, reason }) => `${member} (${reason})`);
  return `no value has been received for ${missing.join(', ')}`;
}

export function isComplete(picture: RobotPicture | undefined): picture is CompletePicture {
  return pictureProblem(picture) === undefined;
}

/** Creates the state. Rejections come first, because fleet control waits for them. */
export function stateMessage(
  { members, errors, information }: CompletePicture,
  tracker: InstantActionTracker,
): RobotState {
  return {
    ...members,
    nodes: [],
    edges: [],
    actions: [],
    instantActions: tracker.actions,
    errors: [...refusalsOf(tracker), ...errors],
    information,
  };
}
