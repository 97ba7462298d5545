import type { RobotState } from '@medkit/vda5050';
import { type Desk, refusalsOf } from '../orders/desk.ts';
import type { MappedMembers, RobotPicture } from '../picture/robot-picture.ts';

/** A picture of which a whole state can be told. */
export interface WholePicture extends RobotPicture {
  readonly gatewayProblem: undefined;
  readonly members: MappedMembers;
}

/** Why no whole state can be told of a picture, in words; undefined where it can. */
export function pictureProblem(picture: RobotPicture | undefined): string | undefined {
  if (picture === undefined) return 'the gateway has not answered yet';
  if (picture.gatewayProblem !== undefined) return picture.gatewayProblem;
  if (picture.members !== undefined) return undefined;
  const missing = picture.missing.map(({ member, why }) => `${member} (${why})`);
  return `there was never a value of ${missing.join(', ')}`;
}

export function isWhole(picture: RobotPicture | undefined): picture is WholePicture {
  return pictureProblem(picture) === undefined;
}

/** What the fleet is told. Refusals go first: fleet control waits for them. */
export function wholeState({ members, errors, information }: WholePicture, desk: Desk): RobotState {
  return {
    ...members,
    nodes: [],
    edges: [],
    actions: [],
    instantActions: desk.actions,
    errors: [...refusalsOf(desk), ...errors],
    information,
  };
}
