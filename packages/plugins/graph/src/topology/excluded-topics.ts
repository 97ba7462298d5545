export const DIAGNOSTICS_TOPIC = '/diagnostics';

/** Every node has these topics, so they would connect everything and say nothing about a pipeline. */
const OF_EVERY_NODE: ReadonlySet<string> = new Set(['/parameter_events', '/rosout', DIAGNOSTICS_TOPIC]);

/**
 * Returns whether a topic is infrastructure: a topic of every node, or one for the type negotiation of NITROS (Isaac
 * ROS).
 */
export function isExcluded(topic: string): boolean {
  if (OF_EVERY_NODE.has(topic)) return true;
  const segments = topic.split('/');
  return segments.includes('nitros') || segments.at(-1) === '_supported_types';
}
