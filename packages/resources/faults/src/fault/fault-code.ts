export const MAX_FAULT_CODE_LENGTH = 128;

const FOREIGN = /[^A-Za-z0-9_.-]/u;

/** What is wrong with a fault code, or `undefined` for a good one. The texts are those clients of ros2_medkit know. */
export const faultCodeProblem = (code: string): string | undefined =>
  nameProblem('fault_code', code, MAX_FAULT_CODE_LENGTH);

/** What is wrong with the name of something that is called by its fault, or `undefined` for a good one. */
export function nameProblem(parameter: string, name: string, maxLength: number): string | undefined {
  if (name === '') return `${parameter} cannot be empty`;
  if (name.length > maxLength) return `${parameter} exceeds maximum length of ${maxLength}`;
  const foreign = FOREIGN.exec(name)?.[0];
  if (foreign !== undefined) {
    return `${parameter} contains invalid character '${foreign}'. Only alphanumeric, underscore, hyphen, and dot are allowed`;
  }
  // A code names folders of recordings.
  return name.includes('..') ? `${parameter} cannot contain '..'` : undefined;
}
