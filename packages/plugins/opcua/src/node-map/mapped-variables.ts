import type { BrowsedNode, VariableFacts } from '../session/plc-session.ts';
import type { WalkedVariable } from './browse-walk.ts';
import { idOfPath, idPart, namesByKey, shownText } from './browsed-names.ts';
import type { MappedNode } from './node-map.ts';
import { MAX_TOPIC_LENGTH, rosTopicOf } from './ros-topic.ts';

/** Characters of a unit. */
const MAX_UNIT_LENGTH = 32;

/** A variable of a PLC that can be shown. */
export interface ShownVariable extends WalkedVariable {
  readonly type: MappedNode['type'];
  readonly facts: VariableFacts;
}

export interface NamingOptions {
  /** What stands before the way to an object. */
  readonly prefix: readonly string[];
  /** The app of variables that are of no object below the root. */
  readonly rootId: string;
}

/** Stands for the object of variables that are of none. */
const ROOT = '';

/** The names of a variable, and the app that its object is. */
type Named = Pick<MappedNode, 'entityId' | 'entityName' | 'dataName' | 'rosTopic'>;

/** Variables as data of the apps that their objects are, by their names. */
export function mappedVariables(
  variables: readonly ShownVariable[],
  names: ReadonlyMap<string, Named>,
  { inferWritable }: { /** Whether what the server lets us write can be written. */ readonly inferWritable: boolean },
): readonly MappedNode[] {
  return variables.flatMap(({ node, type, facts }): readonly MappedNode[] => {
    const named = names.get(node.nodeId);
    if (!named) return [];
    const unit = shownText(facts.unit ?? '').slice(0, MAX_UNIT_LENGTH);
    return [
      {
        nodeId: node.nodeId,
        ...named,
        displayName: shownNameOf(node),
        ...(unit === '' ? {} : { unit }),
        type,
        writable: inferWritable && facts.isWritable && type !== 'json',
        ...(facts.range && { min: facts.range.low, max: facts.range.high }),
        ...(facts.names && { names: facts.names }),
      },
    ];
  });
}

/**
 * The names of variables by their node ids, beside those that `explicit` has: names of one app differ. All variables that a walk finds
 * get names, so that a name does not depend on which of them can be read today.
 */
export function variableNames(
  variables: readonly WalkedVariable[],
  explicit: readonly MappedNode[],
  { prefix, rootId }: NamingOptions,
): ReadonlyMap<string, Named> {
  const byObject = Map.groupBy(variables, ({ path }) => path.at(-1)?.nodeId ?? ROOT);
  const pathOf = (object: string) => byObject.get(object)?.[0]?.path ?? [];
  const wanted = [...byObject.keys()].flatMap((object) => {
    if (object === ROOT) return [];
    const names = pathOf(object).map(({ browseName, displayName }) => browseName || displayName);
    return [[object, idOfPath([...prefix, ...names])] as const];
  });
  const entityIds = namesByKey(new Map(wanted), { used: [rootId] });
  const explicitOf = Map.groupBy(explicit, ({ entityId }) => entityId);

  const named = [...byObject].flatMap(([object, own]) => {
    const entityId = entityIds.get(object) ?? rootId;
    const entityName = shownText([...prefix, ...pathOf(object).map(shownNameOf)].join(' / ') || 'Root');
    const used = explicitOf.get(entityId)?.map(({ dataName }) => dataName) ?? [];
    const wantedNames = own.map(({ node }) => [node.nodeId, idPart(node.browseName || node.displayName)] as const);
    return Array.from(namesByKey(new Map(wantedNames), { used }), ([nodeId, dataName]) => ({
      nodeId,
      entityId,
      entityName,
      dataName,
    }));
  });
  // Ids may differ in what topics may not have, as `a-b` and `a_b`.
  const topics = namesByKey(
    new Map(named.map(({ nodeId, entityId, dataName }) => [nodeId, rosTopicOf(entityId, dataName)])),
    { used: explicit.map(({ rosTopic }) => rosTopic), limit: MAX_TOPIC_LENGTH },
  );
  return new Map(
    named.map(({ nodeId, ...names }) => [nodeId, { ...names, rosTopic: topics.get(nodeId) ?? nodeId }] as const),
  );
}

function shownNameOf({ displayName, browseName }: BrowsedNode): string {
  return shownText(displayName || browseName);
}
