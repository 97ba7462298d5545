const TURN = 2 * Math.PI;

/** Returns the equivalent angle in radians from -π to π. */
export function wrappedAngle(angle: number): number {
  const turned = angle % TURN;
  return Math.abs(turned) <= Math.PI ? turned : turned - Math.sign(turned) * TURN;
}

/**
 * Returns the number. Throws a `RangeError` that names the member if it is NaN or infinite, which JSON cannot
 * represent.
 */
export function finite(value: number, member: string): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`${member} is ${value}, which a message cannot contain`);
}

/** Returns whether all values can be represented in a message. */
export const areFinite = (values: readonly number[]): boolean => values.every(Number.isFinite);
