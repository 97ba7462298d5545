export const DIAGNOSTICS_TOPIC = '/diagnostics';

/** Every node has these, so they connect everything with everything and tell nothing of a pipeline. */
const OF_EVERY_NODE: ReadonlySet<string> = new Set(['/parameter_events', '/rosout', DIAGNOSTICS_TOPIC]);

/** True for topics that are plumbing: those of every node, and those by which NITROS (Isaac ROS) agrees on types. */
export function isExcluded(topic: string): boolean {
  if (OF_EVERY_NODE.has(topic)) return true;
  const segments = topic.split('/');
  return segments.includes('nitros') || segments.at(-1) === '_supported_types';
}
