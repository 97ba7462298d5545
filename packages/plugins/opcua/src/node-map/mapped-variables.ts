import type { BrowsedNode, VariableFacts } from '../session/plc-session.ts';
import type { WalkedVariable } from './browse-walk.ts';
import { idOfPath, idPart, NamePool, namesByKey, shownText } from './browsed-names.ts';
import type { MappedNode } from './node-map.ts';
import { rosTopicOf } from './ros-topic.ts';

/** Characters of a unit. */
const MAX_UNIT_LENGTH = 32;

/** A variable of a PLC that can be shown. */
export interface ShownVariable extends WalkedVariable {
  readonly type: MappedNode['type'];
  readonly facts: VariableFacts;
}

export interface MappingOptions {
  /** What stands before the way to an object. */
  readonly prefix: readonly string[];
  /** The app of variables that are of no object below the root. */
  readonly rootId: string;
  /** Whether what the server lets us write can be written. */
  readonly inferWritable: boolean;
}

/** Variables as data of the apps that their objects are, beside those that `explicit` has: names of one app differ. */
export function mappedVariables(
  variables: readonly ShownVariable[],
  explicit: readonly MappedNode[],
  { prefix, rootId, inferWritable }: MappingOptions,
): readonly MappedNode[] {
  const byObject = Map.groupBy(variables, ({ path }) => path.at(-1)?.nodeId ?? '');
  const pathOf = (object: string) => byObject.get(object)?.[0]?.path ?? [];
  const wanted = [...byObject.keys()].map((object) => {
    const names = pathOf(object).map(({ browseName, displayName }) => browseName || displayName);
    return [object, names.length === 0 ? rootId : idOfPath([...prefix, ...names])] as const;
  });
  const entityIds = namesByKey(new Map(wanted));
  const explicitOf = Map.groupBy(explicit, ({ entityId }) => entityId);
  const topics = new NamePool(explicit.map(({ rosTopic }) => rosTopic));

  return [...byObject].flatMap(([object, own]) => {
    const entityId = entityIds.get(object) ?? rootId;
    const entityName = shownText([...prefix, ...pathOf(object).map(shownNameOf)].join(' / ') || 'Root');
    const used = new NamePool(explicitOf.get(entityId)?.map(({ dataName }) => dataName));
    const wantedNames = own.map(({ node }) => [node.nodeId, idPart(node.browseName || node.displayName)] as const);
    const dataNames = namesByKey(new Map(wantedNames), used);
    return own.map(({ node, type, facts }): MappedNode => {
      const dataName = dataNames.get(node.nodeId) ?? node.nodeId;
      const unit = shownText(facts.unit ?? '').slice(0, MAX_UNIT_LENGTH);
      return {
        nodeId: node.nodeId,
        entityId,
        entityName,
        dataName,
        displayName: shownNameOf(node),
        ...(unit === '' ? {} : { unit }),
        type,
        writable: inferWritable && facts.isWritable && type !== 'json',
        ...(facts.range && { min: facts.range.low, max: facts.range.high }),
        ...(facts.names && { names: facts.names }),
        // Ids may differ in what topics may not have, as `a-b` and `a_b`.
        rosTopic: topics.free(rosTopicOf(entityId, dataName)),
      };
    });
  });
}

function shownNameOf({ displayName, browseName }: BrowsedNode): string {
  return shownText(displayName || browseName);
}
