export const MAX_FAULT_CODE_LENGTH = 128;

const FOREIGN = /[^A-Za-z0-9_.-]/u;

/** What is wrong with a fault code, or `undefined` for a good one. The texts are those clients of ros2_medkit know. */
export function faultCodeProblem(code: string): string | undefined {
  if (code === '') return 'fault_code cannot be empty';
  if (code.length > MAX_FAULT_CODE_LENGTH) return `fault_code exceeds maximum length of ${MAX_FAULT_CODE_LENGTH}`;
  const foreign = FOREIGN.exec(code)?.[0];
  if (foreign !== undefined) {
    return `fault_code contains invalid character '${foreign}'. Only alphanumeric, underscore, hyphen, and dot are allowed`;
  }
  // A code names folders of recordings.
  return code.includes('..') ? "fault_code cannot contain '..'" : undefined;
}
