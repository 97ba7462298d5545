/** Returns the message of anything that was thrown, for logs and warnings. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
