import { toEntityId } from '@medkit/core';
import { shortened } from './short-name.ts';

/** What the longest name of a topic holds: 255 octets of DDS less what ROS 2 puts before and behind it. */
export const MAX_TOPIC_LENGTH = 247;
/** Two segments, `/plc/` and a slash fit into a topic. */
const MAX_SEGMENT_LENGTH = 120;
const TOPIC = /^(?:\/[A-Za-z_][A-Za-z0-9_]*)+$/;

/** Whether `text` is the full name of a topic of ROS 2. */
export function isRosTopic(text: string): boolean {
  return text.length <= MAX_TOPIC_LENGTH && TOPIC.test(text);
}

/** The topic that carries a data point unless the node map says another one: `/plc/tank_process/tank_level`. */
export function rosTopicOf(entityId: string, dataName: string): string {
  return `/plc/${segmentOf(entityId)}/${segmentOf(dataName)}`;
}

/** A name as a segment of a topic: letters, figures and `_`, and no figure first. */
function segmentOf(name: string): string {
  const segment = toEntityId(name).replaceAll('-', '_');
  if (segment === '') return '_unnamed';
  return shortened(/^\d/.test(segment) ? `_${segment}` : segment, MAX_SEGMENT_LENGTH);
}
