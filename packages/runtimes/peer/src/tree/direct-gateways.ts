import type { PeerEntity } from './tree-items.ts';

/** The gateways that are read directly, by instance, with their runtime; what arrives by a longer way is ignored. */
export type DirectGateways = Map<string, DirectGateway>;

/** The name under which an instance is stored that a peer shows and that is no peer itself. */
export function indirectName(peer: string, instance: string): string {
  return `${peer}/${instance}`;
}

/** Returns the peer of a stored name: the peer that is the instance, or the peer that shows it. */
export function peerOf(name: string): string {
  return name.split('/', 1)[0] ?? name;
}

/** Which peer had an instance, including before a restart. */
export interface InstanceMemory {
  /** The peer that was known as this instance. Returns `undefined` if there was none, or if it is no peer any more. */
  find(instance: string): KnownInstance | undefined;
  /** Stores that a peer is this instance, unless another peer is known as it. */
  remember(known: KnownInstance): void;
  /** Waits for pending writes. */
  close(): Promise<void>;
}

export interface KnownInstance {
  /** Of the peer that is the instance, or as `indirectName` of a peer with a key that shows it. */
  readonly name: string;
  readonly instance: string;
  /** Whether the peer had a token or key. */
  readonly isKeyed: boolean;
}

export interface DirectGateway {
  readonly name: string;
  /** Whether it knows its token: then another gateway cannot impersonate it. */
  readonly isKeyed: boolean;
  /** The gateways that it shows, with the number of gateways in between; empty while it does not answer. */
  readonly behind: ReadonlyMap<string, number>;
}

/**
 * Returns the peer, other than `name`, that holds the instance that `name` claims: the peer with a key, else the peer
 * known as the instance, else the first. Returns `undefined` if `name` may hold it. A claim without a key never
 * displaces a known peer.
 */
export function instanceOwner(
  instance: string,
  { name, isKeyed }: Pick<DirectGateway, 'name' | 'isKeyed'>,
  direct: DirectGateways,
  memory: Pick<InstanceMemory, 'find'> | undefined,
): string | undefined {
  const known = memory?.find(instance);
  const rank = (peer: { readonly name: string; readonly isKeyed: boolean }): number =>
    (peer.isKeyed ? 2 : 0) + (known?.name === peer.name ? 1 : 0);
  const claimRank = rank({ name, isKeyed });
  const holder = direct.get(instance);
  if (holder && holder.name !== name && rank(holder) >= claimRank) return holder.name;
  return known && known.name !== name && rank(known) > claimRank ? known.name : undefined;
}

/**
 * Returns the gateways that the entities of another one come from or through, with the number of gateways in between.
 */
export function gatewaysBehind(entities: readonly PeerEntity[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { entity } of entities) {
    const passed = entity.address?.via?.slice(0, -1) ?? [];
    for (const [index, instance] of passed.entries()) {
      const between = passed.length - 1 - index;
      found.set(instance, Math.min(between, found.get(instance) ?? between));
    }
  }
  return found;
}

/**
 * Returns whether data of the runtime `name`, which passed these gateways, is new: it is neither this gateway's own nor
 * arrives by a better way. A directly read gateway is best, then a way over a gateway known by its token, then the
 * shortest way, then the first name.
 */
export function isNew(gateways: readonly string[], name: string, gateway: string, direct: DirectGateways): boolean {
  const passed = gateways.slice(0, -1);
  return passed.every(
    (instance) => instance !== gateway && !direct.has(instance) && (wayTo(instance, direct) ?? name) === name,
  );
}

/** Returns the runtime through which a gateway behind others is reached. */
function wayTo(instance: string, direct: DirectGateways): string | undefined {
  const ways = [...direct.values()].flatMap(({ name, isKeyed, behind }) => {
    const between = behind.get(instance);
    return between === undefined ? [] : [{ name, isKeyed, between }];
  });
  const byRank = (one: (typeof ways)[number], other: (typeof ways)[number]): number =>
    Number(other.isKeyed) - Number(one.isKeyed) || one.between - other.between || (one.name < other.name ? -1 : 1);
  return ways.length < 2 ? ways[0]?.name : ways.sort(byRank)[0]?.name;
}
