const TURN = 2 * Math.PI;

/** An angle in radians as the one from -π to π that points the same way. */
export function wrappedAngle(angle: number): number {
  const turned = angle % TURN;
  return Math.abs(turned) <= Math.PI ? turned : turned - Math.sign(turned) * TURN;
}

/** JSON has no NaN and no infinity. Throws a `RangeError` that names the member. */
export function finite(value: number, member: string): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`${member} is ${value}, which no message can say`);
}

/** Whether a message can say all of these. */
export const areFinite = (values: readonly number[]): boolean => values.every(Number.isFinite);
