import type { EntityTree, ForwardRequest } from '@medkit/core';
import { ASKED_HEADER, askedGateways, gatewaysReached, isAmong, MAX_ASKED } from '../forwarding/fan-out-gateways.ts';
import type { PartPlace } from '../forwarding/peer-places.ts';

type Request = Omit<ForwardRequest, 'path'>;

/**
 * Ensures that each gateway is asked once, although several may show it. Skips peers that the sender asks itself, and
 * sends the others a list of those already asked. In a group whose gateways all show each other, a list would otherwise
 * be requested along every path.
 */
export function onceEach<Place extends PartPlace>(
  tree: EntityTree,
  { places, request }: { readonly places: readonly Place[]; readonly request: Request },
): { readonly places: readonly Place[]; readonly requestTo: (place: Place) => Request } {
  const asked = askedGateways(request.headers);
  return {
    places: places.filter(({ runtime }) => !isAmong(tree, runtime, asked)),
    requestTo: ({ runtime }) => {
      const others = [...gatewaysReached(tree)].flatMap(([instance, by]) => (by.runtime === runtime ? [] : [instance]));
      const all = [...new Set([...asked, ...others])].slice(0, MAX_ASKED);
      return all.length === 0
        ? request
        : { ...request, headers: { ...request.headers, [ASKED_HEADER]: all.join(', ') } };
    },
  };
}
