import type { MappedMethod, MappedNode, NodeMap } from '../node-map/node-map.ts';

/** An app of a PLC: what of its nodes it has, by their names in the API. */
export interface MappedEntity {
  readonly id: string;
  readonly name: string;
  readonly nodes: ReadonlyMap<string, MappedNode>;
  readonly methods: readonly MappedMethod[];
  /** Somebody mapped alarms of the PLC itself to it, so that they can be acknowledged there. */
  readonly hasEventAlarms: boolean;
}

/** The apps of a map, and `alarmsEntity` where alarms without an app of their own go. */
export function mappedEntities(map: NodeMap, alarmsEntity: string | undefined): ReadonlyMap<string, MappedEntity> {
  const nodesOf = Map.groupBy(map.nodes, ({ entityId }) => entityId);
  const methodsOf = Map.groupBy(map.methods, ({ entityId }) => entityId);
  const withAlarms = new Set(map.eventAlarms.map(({ entityId }) => entityId));
  const ids = new Set([...nodesOf.keys(), ...methodsOf.keys(), ...withAlarms]);
  if (alarmsEntity !== undefined) ids.add(alarmsEntity);
  const entities = [...ids].map((id): MappedEntity => {
    const nodes = nodesOf.get(id) ?? [];
    return {
      id,
      name: nodes.find(({ entityName }) => entityName !== undefined)?.entityName ?? inWords(id),
      nodes: new Map(nodes.map((node) => [node.dataName, node])),
      methods: methodsOf.get(id) ?? [],
      hasEventAlarms: withAlarms.has(id),
    };
  });
  return new Map(entities.map((entity) => [entity.id, entity]));
}

/** `fill_pump` → `Fill pump` */
function inWords(id: string): string {
  const words = id.replaceAll(/[_-]+/g, ' ').trim();
  return words === '' ? id : `${words[0]?.toUpperCase()}${words.slice(1)}`;
}
