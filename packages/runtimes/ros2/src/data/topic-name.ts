/**
 * The topic that a data id names. The leading slash may be missing, and old versions of the web UI append the direction
 * (`/scan:publish`); a topic's own name has no colon.
 */
export function topicOf(dataId: string): string {
  const name = dataId.replace(/:(publish|subscribe|both)$/, '');
  return name.startsWith('/') ? name : `/${name}`;
}
