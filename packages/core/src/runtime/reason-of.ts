/** What was thrown, in words for a log or a warning. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
