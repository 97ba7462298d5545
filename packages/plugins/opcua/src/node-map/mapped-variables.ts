import type { BrowsedNode, VariableFacts } from '@medkit/opcua';
import type { WalkedVariable } from './browse-walk.ts';
import { displayText, idOfPath, idPart, namesByKey } from './browsed-names.ts';
import type { MappedNode } from './node-map.ts';
import { MAX_TOPIC_LENGTH, rosTopicOf } from './ros-topic.ts';

/** Maximum characters of a unit. */
const MAX_UNIT_LENGTH = 32;

/** A variable of a PLC with its facts. */
export interface DescribedVariable extends WalkedVariable {
  readonly type: MappedNode['type'];
  readonly facts: VariableFacts;
}

export interface NamingOptions {
  /** Names before the path of an object. */
  readonly prefix: readonly string[];
  /** The app of variables without an object below the root. */
  readonly rootId: string;
}

/** Stands for the object of variables that have none. */
const ROOT = '';

/** The names of a variable, and the app of its object. */
type Named = Pick<MappedNode, 'entityId' | 'entityName' | 'dataName' | 'rosTopic'>;

/** Returns variables as data of their objects' apps, with the given names. */
export function mappedVariables(
  variables: readonly DescribedVariable[],
  names: ReadonlyMap<string, Named>,
  { inferWritable }: { /** Permits the writes that the server permits. */ readonly inferWritable: boolean },
): readonly MappedNode[] {
  return variables.flatMap(({ node, type, facts }): readonly MappedNode[] => {
    const named = names.get(node.nodeId);
    if (!named) return [];
    const unit = displayText(facts.unit ?? '').slice(0, MAX_UNIT_LENGTH);
    return [
      {
        nodeId: node.nodeId,
        ...named,
        displayName: displayNameOf(node),
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
 * Returns the names of variables by node id, in addition to those in `explicit`; names within an app are unique. All
 * found variables get names, so that a name does not depend on which others are currently readable.
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

  const named = [...byObject].flatMap(([object, members]) => {
    const entityId = entityIds.get(object) ?? rootId;
    const entityName = displayText([...prefix, ...pathOf(object).map(displayNameOf)].join(' / ') || 'Root');
    const used = explicitOf.get(entityId)?.map(({ dataName }) => dataName) ?? [];
    const wantedNames = members.map(({ node }) => [node.nodeId, idPart(node.browseName || node.displayName)] as const);
    return Array.from(namesByKey(new Map(wantedNames), { used }), ([nodeId, dataName]) => ({
      nodeId,
      entityId,
      entityName,
      dataName,
    }));
  });
  // Ids may differ only in characters that topics cannot have, such as `a-b` and `a_b`.
  const topics = namesByKey(
    new Map(named.map(({ nodeId, entityId, dataName }) => [nodeId, rosTopicOf(entityId, dataName)])),
    { used: explicit.map(({ rosTopic }) => rosTopic), limit: MAX_TOPIC_LENGTH },
  );
  return new Map(
    named.map(({ nodeId, ...names }) => [nodeId, { ...names, rosTopic: topics.get(nodeId) ?? nodeId }] as const),
  );
}

function displayNameOf({ displayName, browseName }: BrowsedNode): string {
  return displayText(displayName || browseName);
}
