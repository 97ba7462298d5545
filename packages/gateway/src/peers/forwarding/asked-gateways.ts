import {
  ENTITY_KINDS,
  type Entity,
  type EntityTree,
  type ForwardRequest,
  onceFor,
  type ResourceAddress,
} from '@medkit/core';

/** The gateways, each by its run, that whoever asks has asked by another way, parted by commas. */
export const ASKED_HEADER = 'x-medkit-asked';
/** So many are named: a cell has fewer, and a header has to have an end. */
export const MAX_ASKED = 100;

/** The gateways that whoever sent a request asks by another way: they need not be asked here. */
export function askedGateways(headers: ForwardRequest['headers']): readonly string[] {
  const header = headers[ASKED_HEADER];
  const names = header === undefined ? [] : String(header).split(',', MAX_ASKED);
  return names.map((name) => name.trim()).filter((name) => /^[\w.-]{1,64}$/.test(name));
}

/** Whether the gateway that a runtime reads is one of these. */
export function isAmong(tree: EntityTree, runtime: string, gateways: readonly string[]): boolean {
  if (gateways.length === 0) return false;
  const reached = gatewaysReached(tree);
  return gateways.some((instance) => {
    const way = reached.get(instance);
    return way?.isDirect === true && way.runtime === runtime;
  });
}

/** By which runtime a gateway is reached. */
interface Way {
  readonly runtime: string;
  /** Whether no other gateway stands between. */
  readonly isDirect: boolean;
}

/** The gateways whose entities are in a tree, each by its run. */
export const gatewaysReached = onceFor((tree: EntityTree): ReadonlyMap<string, Way> => {
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
