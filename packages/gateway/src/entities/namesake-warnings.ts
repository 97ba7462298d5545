import { type App, type EntityTree, type IdRegistry, LOCAL, toEntityId, type Warning } from '@medkit/core';
import { splitNodeName } from '@medkit/core/discovery';

/** Maximum nodes that the warning lists, and that its message names. */
const MAX_LISTED = 100;
const MAX_NAMED = 3;

interface Namesake {
  readonly app: App;
  /** The id that the node would have by its name alone. */
  readonly wanted: string;
  readonly owner: string;
}

/** Warns of nodes that have a longer id because their name is the id of another entity. */
export function namesakeWarnings(tree: EntityTree, ids: Pick<IdRegistry, 'ownerOf'>): readonly Warning[] {
  const found = tree.all('app').flatMap((app) => namesakeOf(app, tree, ids) ?? []);
  const [first] = found;
  if (!first) return [];
  const named = found
    .slice(0, MAX_NAMED)
    .map(({ app, wanted, owner }) => `${app.node} has the id ${app.id}, because ${wanted} belongs to ${owner}`);
  const more = found.length > named.length ? `; and ${found.length - named.length} more` : '';
  return [
    {
      code: 'node_id_taken',
      message: `An id is never reused for another node: ${named.join('; ')}${more}. To choose the ids, declare the nodes as apps in a manifest.`,
      entityIds: found.slice(0, MAX_LISTED).map(({ app }) => app.id),
      nodes: found.slice(0, MAX_LISTED).flatMap(({ app }) => app.node ?? []),
    },
  ];
}

function namesakeOf(app: App, tree: EntityTree, ids: Pick<IdRegistry, 'ownerOf'>): Namesake | undefined {
  // An app with an id from a manifest or plugin did not get its id from its node's name.
  if (app.source !== 'heuristic' || app.node === undefined) return undefined;
  const wanted = toEntityId(splitNodeName(app.node).name);
  if (app.id === wanted) return undefined;
  const owner = ids.ownerOf({ kind: 'app', id: wanted });
  if (!owner) return undefined;
  const holder = tree.resolve('app', wanted);
  // Nodes with the same name that started together all have longer ids: none of them owns the short one.
  if (holder?.id !== wanted && holder !== undefined) return undefined;
  return { app, wanted, owner: ownerText(owner.node, owner.origin, holder !== undefined) };
}

function ownerText(node: string | undefined, origin: string, isHere: boolean): string {
  const absent = isHere ? '' : ', which is not running';
  if (origin !== LOCAL) return `an app of the gateway ${origin}${absent}`;
  return node === undefined ? `an app of this gateway${absent}` : `${node.slice(node.indexOf(' ') + 1)}${absent}`;
}
