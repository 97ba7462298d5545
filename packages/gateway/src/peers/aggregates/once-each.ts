import type { EntityTree, ForwardRequest } from '@medkit/core';
import { ASKED_HEADER, askedGateways, gatewaysReached, isAmong, MAX_ASKED } from '../forwarding/asked-gateways.ts';
import type { PartPlace } from '../forwarding/peer-places.ts';

type Request = Omit<ForwardRequest, 'path'>;

/**
 * Has each gateway asked once for its part of what several have, though several may show it: left out are those that somebody asks
 * who has asked this one, and everybody else is told who is asked by another way. In a cell whose gateways all show each other a
 * list would be asked for along every path.
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
