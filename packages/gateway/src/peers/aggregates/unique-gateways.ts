import { MAX_PEER_INSTANCES, PEER_HEADERS } from '@medkit/contract';
import type { EntityTree, ForwardRequest } from '@medkit/core';
import { fanOutGateways, isAmong, reachableGateways } from '../../peer-names/fan-out-gateways.ts';
import type { PartPlace } from '../forwarding/peer-places.ts';

type Request = Omit<ForwardRequest, 'path'>;

/**
 * Ensures that each gateway is asked once, although several may show it. Skips peers that the sender asks itself, and
 * sends the others a list of those already asked. In a group whose gateways all show each other, a list would otherwise
 * be requested along every path.
 */
export function uniqueGateways<Place extends PartPlace>(
  tree: EntityTree,
  { places, request }: { readonly places: readonly Place[]; readonly request: Request },
): { readonly places: readonly Place[]; readonly requestTo: (place: Place) => Request } {
  const fanOut = fanOutGateways(request.headers);
  return {
    places: places.filter(({ runtime }) => !isAmong(tree, runtime, fanOut)),
    requestTo: ({ runtime }) => {
      const others = [...reachableGateways(tree)].flatMap(([instance, by]) =>
        by.runtime === runtime ? [] : [instance],
      );
      const all = [...new Set([...fanOut, ...others])].slice(0, MAX_PEER_INSTANCES);
      return all.length === 0
        ? request
        : { ...request, headers: { ...request.headers, [PEER_HEADERS.asked]: all.join(', ') } };
    },
  };
}
