/**
 * Returns the topic of a data id. The leading slash is optional. Old versions of the web UI append the direction
 * (`/scan:publish`); topic names contain no colon.
 */
export function topicOf(dataId: string): string {
  const name = dataId.replace(/:(publish|subscribe|both)$/, '');
  return name.startsWith('/') ? name : `/${name}`;
}
