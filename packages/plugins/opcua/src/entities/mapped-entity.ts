import type { MappedMethod, MappedNode, NodeMap } from '../node-map/node-map.ts';

/** An app of a PLC, with its nodes by their names in the API. */
export interface MappedEntity {
  readonly id: string;
  readonly name: string;
  readonly nodes: ReadonlyMap<string, MappedNode>;
  readonly methods: readonly MappedMethod[];
  /** Its faults may be alarms of the PLC, which can be acknowledged there. */
  readonly hasNativeAlarms: boolean;
}

/**
 * Returns the apps of a map, including `alarmsEntity` for unmapped alarms. Alarms of a mapped node belong to the app of
 * that node.
 */
export function mappedEntities(map: NodeMap, alarmsEntity: string | undefined): ReadonlyMap<string, MappedEntity> {
  const nodesOf = Map.groupBy(map.nodes, ({ entityId }) => entityId);
  const methodsOf = Map.groupBy(map.methods, ({ entityId }) => entityId);
  const withAlarms = new Set(map.eventAlarms.map(({ entityId }) => entityId));
  const ids = new Set([...nodesOf.keys(), ...methodsOf.keys(), ...withAlarms]);
  if (alarmsEntity !== undefined) {
    for (const id of [alarmsEntity, ...nodesOf.keys()]) withAlarms.add(id);
    ids.add(alarmsEntity);
  }
  const entities = [...ids].map((id): MappedEntity => {
    const nodes = nodesOf.get(id) ?? [];
    return {
      id,
      name: nodes.find(({ entityName }) => entityName !== undefined)?.entityName ?? readableName(id),
      nodes: new Map(nodes.map((node) => [node.dataName, node])),
      methods: methodsOf.get(id) ?? [],
      hasNativeAlarms: withAlarms.has(id),
    };
  });
  return new Map(entities.map((entity) => [entity.id, entity]));
}

/** Converts `fill_pump` to `Fill pump` */
function readableName(id: string): string {
  const text = id.replaceAll(/[_-]+/g, ' ').trim();
  return text === '' ? id : `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
