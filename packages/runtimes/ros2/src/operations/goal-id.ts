const UUID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/;

/** A goal's id as clients know it, 32 lower-case hex digits, out of a UUID with or without dashes; `undefined` for another text. */
export function executionIdOf(text: string): string | undefined {
  return UUID.exec(text.toLowerCase())?.slice(1).join('');
}

/** The same as ROS has it, with dashes. */
export function goalIdOf(executionId: string): string {
  return UUID.exec(executionId)?.slice(1).join('-') ?? executionId;
}
