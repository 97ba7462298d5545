import type { EntityFaults, EntityKind, TreeItem } from '@medkit/contract';

/** An entity with its children, as shown in the tree. */
export interface Branch {
  readonly item: TreeItem;
  readonly children: readonly Branch[];
  /** Open faults of the entity and its descendants, by severity from 0 to 3. */
  readonly faults: readonly [number, number, number, number];
}

/** Maximum depth; a manifest may contain cycles. */
const MAX_DEPTH = 12;

const key = (type: EntityKind, id: string): string => `${type} ${id}`;

/**
 * Returns areas with their components and apps. Entities without a known area follow after them. Each entity appears
 * once.
 */
export function branchesOf(items: readonly TreeItem[], faults: readonly EntityFaults[]): readonly Branch[] {
  const known = new Map(items.map((item) => [key(item.type, item.id), item]));
  const below = new Map<string, TreeItem[]>();
  const roots: TreeItem[] = [];
  for (const item of items) {
    if (item.type === 'function') continue;
    const above = keyAbove(item, known);
    if (above === undefined) roots.push(item);
    else {
      const others = below.get(above);
      if (others) others.push(item);
      else below.set(above, [item]);
    }
  }
  const counts = new Map(faults.map((one) => [key(one.entity_type, one.entity_id), one]));
  const placed = new Set<string>();
  const branch = (item: TreeItem, depth: number): Branch => {
    const itemKey = key(item.type, item.id);
    placed.add(itemKey);
    const children =
      depth >= MAX_DEPTH
        ? []
        : (below.get(itemKey) ?? [])
            .filter((child) => !placed.has(key(child.type, child.id)))
            .map((child) => branch(child, depth + 1));
    const { info = 0, warning = 0, error = 0, critical = 0 } = counts.get(itemKey) ?? {};
    const sum = [info, warning, error, critical] as [number, number, number, number];
    for (const child of children) for (const [at, count] of child.faults.entries()) sum[at]! += count;
    return { item, children, faults: sum };
  };
  const branches = roots.map((item) => branch(item, 0));
  // Entities in a cycle have no root: the first of each cycle becomes a root.
  for (const item of items) {
    if (item.type !== 'function' && !placed.has(key(item.type, item.id))) branches.push(branch(item, 0));
  }
  const order: Readonly<Record<string, number>> = { area: 0, component: 1, app: 2 };
  return branches.toSorted((one, other) => (order[one.item.type] ?? 3) - (order[other.item.type] ?? 3));
}

function keyAbove(item: TreeItem, known: ReadonlyMap<string, TreeItem>): string | undefined {
  const { type, parent, area, component } = item;
  const candidates =
    type === 'area'
      ? [['area', parent] as const]
      : type === 'component'
        ? [['component', parent] as const, ['area', area] as const]
        : [['component', component] as const, ['area', area] as const];
  for (const [kind, id] of candidates) {
    if (id && known.has(key(kind, id)) && key(kind, id) !== key(type, item.id)) return key(kind, id);
  }
  return undefined;
}

/**
 * Returns a branch with the only child of each, which share a row: `Battery pack / Battery monitor`. Most components
 * have one app, so the tree is a third shorter.
 */
export function chainOf(branch: Branch): readonly Branch[] {
  const [child, ...others] = branch.children;
  return child && others.length === 0 ? [branch, ...chainOf(child)] : [branch];
}

/** Returns the branches in which a name or id contains the text, with their ancestors. */
export function foundIn(branches: readonly Branch[], text: string): readonly Branch[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return branches;
  return branches.flatMap((branch) => {
    const { name, id } = branch.item;
    if (name.toLowerCase().includes(wanted) || id.toLowerCase().includes(wanted)) return [branch];
    const children = foundIn(branch.children, text);
    return children.length > 0 ? [{ ...branch, children }] : [];
  });
}

/** The branches of one gateway. */
export interface GatewayBranches {
  /** Name of the peer; `undefined` for this gateway. */
  readonly peer: string | undefined;
  readonly branches: readonly Branch[];
  /** Entities in the branches, without functions. */
  readonly count: number;
}

/**
 * Divides the branches by gateway: this gateway first, then its peers in the order of `peers`. An entity of a peer below
 * an entity of this gateway stays there. A peer without entities has an empty list.
 */
export function byGateway(branches: readonly Branch[], peers: readonly string[]): readonly GatewayBranches[] {
  const of = (peer: string | undefined): GatewayBranches => {
    const some = branches.filter(({ item }) => peerOf(item) === peer);
    return { peer, branches: some, count: some.reduce((sum, branch) => sum + sizeOf(branch), 0) };
  };
  const unlisted = new Set(branches.flatMap(({ item }) => peerOf(item) ?? []));
  return [of(undefined), ...[...new Set([...peers, ...unlisted])].map(of)];
}

/** The runtime of an entity of a peer has the name of the peer. */
const peerOf = ({ gateways, runtime }: TreeItem): string | undefined =>
  gateways?.length && runtime ? runtime : undefined;

const sizeOf = ({ children }: Branch): number => children.reduce((sum, child) => sum + sizeOf(child), 1);
