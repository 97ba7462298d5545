import { type Static, Type } from 'typebox';
import type { Position, Velocity } from '../robot/robot-state.ts';
import { optionalNumber, Text } from './field-types.ts';
import { areFinite, wrappedAngle } from './numbers.ts';

/** Where a robot stands; each version has a word of its own for whether it knows that. */
export const positionFields = { x: Type.Number(), y: Type.Number(), theta: Type.Number(), mapId: Text };
const PositionMessage = Type.Object(positionFields);
type PositionMessage = Static<typeof PositionMessage>;

export const VelocityMessage = Type.Object({ vx: optionalNumber, vy: optionalNumber, omega: optionalNumber });
type VelocityMessage = Static<typeof VelocityMessage>;

/** `undefined`, which leaves it out, where a number of it is none. */
export function encodePosition({ x, y, theta, mapId }: Position): PositionMessage | undefined {
  return areFinite([x, y, theta]) ? { x, y, theta: wrappedAngle(theta), mapId } : undefined;
}

export const decodePosition = ({ x, y, theta, mapId }: PositionMessage, localized: boolean): Position => ({
  x,
  y,
  theta: wrappedAngle(theta),
  mapId,
  localized,
});

/** `undefined`, which leaves it out, where a number of it is none. */
export function encodeVelocity({ vx, vy, omega }: Velocity): VelocityMessage | undefined {
  return areFinite([vx, vy, omega]) ? { vx, vy, omega } : undefined;
}

/** What a robot does not tell of is a way in which it cannot move. */
export const decodeVelocity = ({ vx = 0, vy = 0, omega = 0 }: VelocityMessage): Velocity => ({ vx, vy, omega });
