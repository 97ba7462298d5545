import type { NewFleetQueuedRequest, RouteName } from '@medkit/contract';
import { ADDRESSES, API_BASE } from './addresses.generated.ts';
import { type AddressParts, routeAddress } from './route-address.ts';
import type { CallRoute, KindOf, RequestOf } from './route-types.ts';

/** Returns whether requests of a route can wait in the queue of a hub for a robot that is away. */
export const isQueueableRoute = (route: RouteName): boolean => 'queueable' in ADDRESSES[route];

/** Returns a request of a route as the queue of a hub takes it. Throws `InvalidName`. */
export function queueableRequest<N extends CallRoute, K extends KindOf<N>>(
  route: N,
  request: RequestOf<N, K>,
): Pick<NewFleetQueuedRequest, 'body' | 'method' | 'path'> {
  const { body, ...parts }: AddressParts & Pick<RequestInit, 'signal'> & { readonly body?: unknown } = request;
  const { method, path } = routeAddress(route, parts);
  return {
    method: method as NewFleetQueuedRequest['method'],
    path: path.slice(API_BASE.length),
    ...(body !== undefined && { body }),
  };
}
