/** Parses the JSON description of a record. Returns an empty object if it was tampered with. */
export function detailsOf(description: string): object {
  try {
    const details: unknown = JSON.parse(description);
    return typeof details === 'object' && details !== null ? details : {};
  } catch {
    return {};
  }
}
