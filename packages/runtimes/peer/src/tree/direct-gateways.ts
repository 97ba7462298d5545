import type { PeerEntity } from './tree-items.ts';

/** The gateways that are read directly, each by its run and the runtime that reads it: what comes by a longer way is left out. */
export type DirectGateways = Map<string, DirectGateway>;

export interface DirectGateway {
  readonly name: string;
  /** Whether it knows its token: it can be no other one that says that it is this one. */
  readonly isKeyed: boolean;
  /** The gateways that it shows, each with how many stand between; none while it does not answer. */
  readonly behind: ReadonlyMap<string, number>;
}

/** The gateways that the entities of another one have come from or through, each with how many stand between it and that one. */
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
 * Whether what the runtime `name` tells, and what has passed these gateways, the last of which tells it, is not this gateway's own
 * that comes back, nor what comes by another way as well: that of a gateway which is read directly, or else the shortest one. Of
 * two that are as short it is that by a gateway which is known by its token, then that of the first name.
 */
export function isNew(gateways: readonly string[], name: string, gateway: string, direct: DirectGateways): boolean {
  const passed = gateways.slice(0, -1);
  return passed.every(
    (instance) => instance !== gateway && !direct.has(instance) && (wayTo(instance, direct) ?? name) === name,
  );
}

/** The runtime by which a gateway is asked that is behind others. */
function wayTo(instance: string, direct: DirectGateways): string | undefined {
  const ways = [...direct.values()].flatMap(({ name, isKeyed, behind }) => {
    const between = behind.get(instance);
    return between === undefined ? [] : [{ name, isKeyed, between }];
  });
  const byRank = (one: (typeof ways)[number], other: (typeof ways)[number]): number =>
    Number(other.isKeyed) - Number(one.isKeyed) || one.between - other.between || (one.name < other.name ? -1 : 1);
  return ways.length < 2 ? ways[0]?.name : ways.sort(byRank)[0]?.name;
}
