import type { MapFields } from './map-fields.ts';
import { entityIdOf, itemNameOf, nodeIdOf } from './map-names.ts';
import type { MappedNode, MappedType } from './node-map.ts';
import { detectionModesOf, faultRuleOf } from './read-fault-rule.ts';
import { isRosTopic, rosTopicOf } from './ros-topic.ts';

const TYPES = ['float', 'int', 'bool', 'string'] as const;

/**
 * Reads entries of nodes. Skips invalid ones with a warning; of two entries for one node, or one name in an entity, the
 * first is used. Calls `refuse` for problems that make the file unusable.
 */
export function mappedNodesOf(entries: readonly MapFields[], refuse: (line: string) => void): readonly MappedNode[] {
  const nodeIds = new Set<string>();
  const names = new Set<string>();
  const topics = new Map<string, string>();
  return entries.flatMap((entry) => {
    const node = mappedNodeOf(entry, refuse);
    if (node === undefined) return [];
    const name = `${node.entityId}/${node.dataName}`;
    if (nodeIds.has(node.nodeId) || names.has(name)) {
      const twice = nodeIds.has(node.nodeId)
        ? `the node ${node.nodeId}`
        : `the data_name ${node.dataName} of ${node.entityId}`;
      entry.warn(`${twice} is already defined above; this one is skipped`);
      return [];
    }
    nodeIds.add(node.nodeId);
    names.add(name);
    if (topics.has(node.rosTopic)) entry.warn(`${topics.get(node.rosTopic)} is also published on ${node.rosTopic}`);
    topics.set(node.rosTopic, name);
    return [node];
  });
}

function mappedNodeOf(entry: MapFields, refuse: (line: string) => void): MappedNode | undefined {
  const nodeId = nodeIdOf(entry, 'node_id');
  const entityId = entityIdOf(entry, 'entity_id');
  const dataName = itemNameOf(entry, 'data_name');
  for (const name of ['node_id', 'entity_id', 'data_name']) if (!entry.has(name)) entry.warn(`${name} is missing`);
  const modes = detectionModesOf(entry);
  if (modes.length > 1) refuse(`${entry.at}: one node has ${modes.join(' and ')}, expected at most one of them`);
  // In a node's entry it would be an alarm that never occurs.
  if (entry.has('alarm_source')) refuse(`${entry.at}: alarm_source belongs in event_alarms, not in nodes`);
  if (nodeId === undefined || entityId === undefined || dataName === undefined) {
    entry.warn('the node is skipped');
    return undefined;
  }
  const unit = entry.text('unit');
  const faultRule = faultRuleOf(entry, entityId, dataName);
  const node: MappedNode = {
    nodeId,
    entityId,
    dataName,
    displayName: entry.text('display_name') || dataName,
    ...(unit ? { unit } : {}),
    type: typeOf(entry),
    ...writableOf(entry),
    rosTopic: topicOf(entry) ?? rosTopicOf(entityId, dataName),
    ...(faultRule === undefined ? {} : { faultRule }),
  };
  entry.end();
  return node;
}

function typeOf(entry: MapFields): MappedType {
  return entry.word('data_type', TYPES) ?? 'float';
}

/**
 * Returns whether the node is writable, and its limits. If a limit is invalid, the node is not writable: limits are for
 * safety.
 */
function writableOf(entry: MapFields): Pick<MappedNode, 'writable' | 'min' | 'max'> {
  const min = entry.number('min_value');
  const max = entry.number('max_value');
  const isMissing = (name: string, limit: number | undefined) => entry.has(name) && limit === undefined;
  const isWrong = isMissing('min_value', min) || isMissing('max_value', max) || (min ?? 0) > (max ?? min ?? 0);
  const isWritable = entry.flag('writable') ?? false;
  if (isWritable && isWrong) entry.warn('min_value and max_value are not a valid range, so it is not writable');
  return {
    writable: isWritable && !isWrong,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}

function topicOf(entry: MapFields): string | undefined {
  const topic = entry.text('ros2_topic');
  if (topic === undefined || isRosTopic(topic)) return topic;
  entry.warn(
    `ros2_topic: expected the full name of a topic, found ${JSON.stringify(topic)}; the default topic is used`,
  );
  return undefined;
}
