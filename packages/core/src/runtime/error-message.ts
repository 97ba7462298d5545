/** Returns the message of anything that was thrown, for logs and warnings. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
