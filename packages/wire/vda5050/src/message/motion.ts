import { type Static, Type } from 'typebox';
import type { Position, Velocity } from '../robot/robot-state.ts';
import { optionalNumber, Text } from './field-types.ts';
import { areFinite, wrappedAngle } from './numbers.ts';

/** Position fields that both versions share; the name of the localization flag differs. */
export const positionFields = { x: Type.Number(), y: Type.Number(), theta: Type.Number(), mapId: Text };
const PositionMessage = Type.Object(positionFields);
type PositionMessage = Static<typeof PositionMessage>;

export const VelocityMessage = Type.Object({ vx: optionalNumber, vy: optionalNumber, omega: optionalNumber });
type VelocityMessage = Static<typeof VelocityMessage>;

/** Returns `undefined`, which omits the position, if a number is not finite. */
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

/** Returns `undefined`, which omits the velocity, if a number is not finite. */
export function encodeVelocity({ vx, vy, omega }: Velocity): VelocityMessage | undefined {
  return areFinite([vx, vy, omega]) ? { vx, vy, omega } : undefined;
}

/** A robot omits components of motion that it does not have. */
export const decodeVelocity = ({ vx = 0, vy = 0, omega = 0 }: VelocityMessage): Velocity => ({ vx, vy, omega });
