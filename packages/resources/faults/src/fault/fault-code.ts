export const MAX_FAULT_CODE_LENGTH = 128;

const FOREIGN = /[^A-Za-z0-9_.-]/u;

/** Returns the problem of a fault code, or `undefined` if it is valid. The texts are those of ros2_medkit. */
export const faultCodeProblem = (code: string): string | undefined =>
  nameProblem('fault_code', code, MAX_FAULT_CODE_LENGTH);

/** Returns the problem of a name that follows the rules of fault codes, or `undefined` if it is valid. */
export function nameProblem(parameter: string, name: string, maxLength: number): string | undefined {
  if (name === '') return `${parameter} cannot be empty`;
  if (name.length > maxLength) return `${parameter} exceeds maximum length of ${maxLength}`;
  const foreign = FOREIGN.exec(name)?.[0];
  if (foreign !== undefined) {
    return `${parameter} contains invalid character '${foreign}'. Only alphanumeric, underscore, hyphen, and dot are allowed`;
  }
  // Recordings use the code as a folder name.
  return name.includes('..') ? `${parameter} cannot contain '..'` : undefined;
}
