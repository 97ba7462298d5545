import { MAX_PEER_INSTANCES, PEER_HEADERS } from '@medkit/contract';
import {
  ENTITY_KINDS,
  type Entity,
  type EntityTree,
  type ForwardRequest,
  memoizeByObject,
  type ResourceAddress,
} from '@medkit/core';

/** Returns the gateways that the sender asks itself: they need not be asked here. */
export function fanOutGateways(headers: ForwardRequest['headers']): readonly string[] {
  const header = headers[PEER_HEADERS.asked];
  const names = header === undefined ? [] : String(header).split(',', MAX_PEER_INSTANCES);
  return names.map((name) => name.trim()).filter((name) => /^[\w.-]{1,64}$/.test(name));
}

/** Returns whether the gateway of a runtime is one of these. */
export function isAmong(tree: EntityTree, runtime: string, gateways: readonly string[]): boolean {
  if (gateways.length === 0) return false;
  const reached = reachableGateways(tree);
  return gateways.some((instance) => {
    const way = reached.get(instance);
    return way?.isDirect === true && way.runtime === runtime;
  });
}

/** The runtime through which a gateway is reached. */
interface Way {
  readonly runtime: string;
  /** Whether there is no other gateway in between. */
  readonly isDirect: boolean;
}

/** Returns the gateways with entities in a tree, by instance. */
export const reachableGateways = memoizeByObject((tree: EntityTree): ReadonlyMap<string, Way> => {
  const found = new Map<string, Way>();
  for (const entity of ENTITY_KINDS.flatMap((kind): readonly Entity[] => tree.all(kind))) {
    for (const { runtime, via = [] } of addressesOf(entity)) {
      for (const [index, instance] of via.entries()) {
        if (!found.has(instance)) found.set(instance, { runtime, isDirect: index === via.length - 1 });
      }
    }
  }
  return found;
});

function addressesOf({ address, addresses }: Entity): readonly ResourceAddress[] {
  return addresses ?? (address ? [address] : []);
}
