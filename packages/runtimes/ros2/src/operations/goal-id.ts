const UUID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/;

/**
 * Returns a goal's id as used by clients, 32 lower-case hex digits, from a UUID with or without dashes; `undefined` for
 * any other text.
 */
export function executionIdOf(text: string): string | undefined {
  return UUID.exec(text.toLowerCase())?.slice(1).join('');
}

/** Returns the same id with dashes, as used by ROS. */
export function goalIdOf(executionId: string): string {
  return UUID.exec(executionId)?.slice(1).join('-') ?? executionId;
}
