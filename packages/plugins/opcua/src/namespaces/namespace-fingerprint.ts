import { createHash } from 'node:crypto';
import { parseNodeId } from '@medkit/opcua';
import type { NodeMap } from '../node-map/node-map.ts';

/** Returns the node ids of a node map, each with its meaning. */
function entriesOf(map: NodeMap): readonly (readonly [nodeId: string, meaning: string])[] {
  return [
    ...map.nodes.map(({ nodeId, entityId, dataName }) => [nodeId, `${entityId} ${dataName}`] as const),
    ...map.methods.flatMap(({ objectId, methodId, entityId, name }) =>
      [objectId, methodId].map((id) => [id, `${entityId} ${name}`] as const),
    ),
    ...map.eventAlarms.flatMap(({ source, entityId, mappings }) => [
      [source, entityId] as const,
      ...mappings.flatMap(({ sourceNode, eventType, code }) =>
        [sourceNode, eventType].flatMap((id) => (id === undefined ? [] : [[id, code] as const])),
      ),
    ]),
    ...(map.autoBrowse?.rootNodes ?? []).map((id) => [id, 'root'] as const),
    ...(map.autoAlarms === undefined ? [] : [[map.autoAlarms.source, 'alarms'] as const]),
  ];
}

/**
 * Returns a fingerprint of the entries of a node map that contain namespace indexes. It does not change with units or
 * limits.
 */
export function namespaceFingerprint(map: NodeMap): string {
  const entries = entriesOf(map).filter(([nodeId]) => (parseNodeId(nodeId)?.namespace ?? 0) > 0);
  const fields = map.eventAlarms.flatMap(({ associatedValues }) => associatedValues.map(({ field }) => field));
  const { namespaceAllow = [], namespaceDeny = [] } = map.autoBrowse ?? {};
  const all = [
    entries.toSorted(byText),
    fields.filter((field) => /(?:^|\/)\d+:/.test(field)).toSorted(),
    namespaceAllow,
    namespaceDeny,
  ];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 32);
}

/** Returns every node id of a node map once. */
export function nodeIdsIn(map: NodeMap): readonly string[] {
  return [...new Set(entriesOf(map).map(([nodeId]) => nodeId))];
}

function byText(a: readonly string[], b: readonly string[]): number {
  return a.join(' ') < b.join(' ') ? -1 : 1;
}
