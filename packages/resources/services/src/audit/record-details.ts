/** The JSON of a description that a record of ours has; nothing of one that was tampered with. */
export function detailsOf(description: string): object {
  try {
    const details: unknown = JSON.parse(description);
    return typeof details === 'object' && details !== null ? details : {};
  } catch {
    return {};
  }
}
