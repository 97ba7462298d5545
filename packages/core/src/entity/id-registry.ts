import type { Clock } from '@medkit/edges';
import { type EntityRef, LOCAL, type Origin } from './entity.ts';

/** Maximum ids remembered per gateway. A robot has some hundred nodes; each entry takes about 200 bytes. */
const MAX_IDS_PER_ORIGIN = 10_000;

/**
 * Time after which an id keeps its meaning although no client has changed anything through it. Nodes that start together
 * appear within seconds; until then their ids depend on names alone, not on the order in which they are discovered.
 */
const SETTLE_MS = 10_000;

/** The entity that an id belongs to. */
export interface IdOwner {
  readonly origin: Origin;
  /** Runtime and native id of a node of a graph. Absent for an entity that its gateway declares under this id. */
  readonly node?: string;
}

/** An id as it is stored across restarts. */
export interface AssignedId extends EntityRef {
  readonly owner: IdOwner;
  /** Whether a client has changed something through the id. */
  readonly inUse: boolean;
}

/** Remembers which entity each id was given to, so that no id is given to another entity later. */
export interface IdRegistry {
  ownerOf(ref: EntityRef): IdOwner | undefined;
  /** Whether the id keeps its meaning: it is in use, older than the settling time, or known from before the start. */
  isFirm(ref: EntityRef): boolean;
  /** Whether a client has changed something through the id. */
  isInUse(ref: EntityRef): boolean;
  /** The ids of kind `app` that a node was given, in the order in which it got them. */
  idsOf(node: string): readonly string[];
  /** Gives a free id, or one of another gateway that is not in use, to an owner. Does nothing if the owner has it. */
  give(ref: EntityRef, owner: IdOwner): void;
  /** Marks an id as in use. */
  use(ref: EntityRef): void;
  /** Drops the oldest ids of entities that are not live if there are too many. */
  trim(isLive: (ref: EntityRef) => boolean): void;
  /** The ids that are firm. `isComplete` is false while there are others. */
  firm(): { readonly ids: readonly AssignedId[]; readonly isComplete: boolean };
}

export interface IdRegistryOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Ids given before the start. */
  readonly stored?: readonly AssignedId[];
  /** Called after a change of what `firm` returns now or after the settling time. */
  readonly changed?: () => void;
}

interface Entry extends AssignedId {
  readonly sinceMs: number;
}

/** Creates the registry of ids. */
export function idRegistry({ clock, stored = [], changed = () => undefined }: IdRegistryOptions): IdRegistry {
  const entries = new Map<string, Entry>();
  const byNode = new Map<string, string[]>();
  const counts = new Map<Origin, number>();

  const insert = (entry: Entry): void => {
    const { kind, id, owner } = entry;
    entries.set(keyOf(entry), entry);
    counts.set(owner.origin, (counts.get(owner.origin) ?? 0) + 1);
    if (kind === 'app' && owner.node !== undefined) byNode.set(owner.node, [...(byNode.get(owner.node) ?? []), id]);
  };
  const remove = (entry: Entry): void => {
    const { owner, id } = entry;
    entries.delete(keyOf(entry));
    counts.set(owner.origin, (counts.get(owner.origin) ?? 1) - 1);
    if (owner.node === undefined) return;
    const left = (byNode.get(owner.node) ?? []).filter((other) => other !== id);
    if (left.length > 0) byNode.set(owner.node, left);
    else byNode.delete(owner.node);
  };
  const isFirm = ({ inUse, sinceMs }: Entry): boolean => inUse || clock.monotonicMs() - sinceMs >= SETTLE_MS;
  for (const { kind, id, owner, inUse } of stored) {
    if (!entries.has(keyOf({ kind, id }))) {
      insert({ kind, id, owner, inUse, sinceMs: Number.NEGATIVE_INFINITY });
    }
  }

  return {
    ownerOf: (ref) => entries.get(keyOf(ref))?.owner,
    isFirm: (ref) => {
      const entry = entries.get(keyOf(ref));
      return entry !== undefined && isFirm(entry);
    },
    isInUse: (ref) => entries.get(keyOf(ref))?.inUse ?? false,
    idsOf: (node) => byNode.get(node) ?? [],
    give: ({ kind, id }, owner) => {
      const old = entries.get(keyOf({ kind, id }));
      const isSameOrigin = old?.owner.origin === owner.origin;
      // A declared entity may turn out to be a node; a node never loses its id to a declaration.
      if (old && isSameOrigin && (old.owner.node !== undefined || owner.node === undefined)) return;
      if (old) remove(old);
      const since = old && isSameOrigin ? old : { inUse: false, sinceMs: clock.monotonicMs() };
      insert({ kind, id, owner, inUse: since.inUse, sinceMs: since.sinceMs });
      changed();
    },
    use: (ref) => {
      const entry = entries.get(keyOf(ref));
      if (!entry || entry.inUse) return;
      entries.set(keyOf(ref), { ...entry, inUse: true });
      changed();
    },
    trim: (isLive) => {
      for (const [origin, count] of counts) {
        let excess = count - MAX_IDS_PER_ORIGIN;
        if (excess <= 0) continue;
        for (const entry of [...entries.values()]) {
          if (excess <= 0) break;
          if (entry.owner.origin !== origin || isLive(entry)) continue;
          remove(entry);
          excess -= 1;
        }
        changed();
      }
    },
    firm: () => {
      const all = [...entries.values()];
      const firm = all.filter(isFirm);
      return {
        ids: firm.map(({ kind, id, owner, inUse }) => ({ kind, id, owner, inUse })),
        isComplete: firm.length === all.length,
      };
    },
  };
}

/** The app ids of one graph, as its runtime sees them. */
export interface NodeIds {
  /** Returns the firm id of the node, if it has one. */
  idOf(name: string): string | undefined;
  /** Returns all ids that the node was given. */
  idsOf(name: string): readonly string[];
  /**
   * Returns the native id of the node of this graph that owns the id, or the name of the gateway that owns it. Returns
   * `undefined` if the id is free.
   */
  ownerOf(id: string): string | undefined;
  /** Returns whether the node may take the id. */
  isFree(id: string, name: string): boolean;
  give(name: string, id: string): void;
}

/**
 * Returns the view of one graph on the ids. A node of this gateway takes an id from another gateway unless a client
 * uses it.
 */
export function nodeIds(ids: IdRegistry, runtime: string): NodeIds {
  const keyOfNode = (name: string): string => `${runtime} ${name}`;
  const prefix = `${runtime} `;
  const ref = (id: string): EntityRef => ({ kind: 'app', id });
  return {
    idOf: (name) => ids.idsOf(keyOfNode(name)).findLast((id) => ids.isFirm(ref(id))),
    idsOf: (name) => ids.idsOf(keyOfNode(name)),
    ownerOf: (id) => {
      const owner = ids.ownerOf(ref(id));
      return owner?.node?.startsWith(prefix) ? owner.node.slice(prefix.length) : owner?.origin;
    },
    isFree: (id, name) => {
      const owner = ids.ownerOf(ref(id));
      if (!owner) return true;
      if (owner.origin !== LOCAL) return !ids.isInUse(ref(id));
      // An id that this gateway declares and the node of that name are one entity.
      return owner.node === undefined || owner.node === keyOfNode(name);
    },
    give: (name, id) => ids.give(ref(id), { origin: LOCAL, node: keyOfNode(name) }),
  };
}

function keyOf({ kind, id }: EntityRef): string {
  return `${kind}/${id}`;
}
