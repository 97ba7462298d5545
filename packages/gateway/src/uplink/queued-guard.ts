import { isQueueable, PEER_HEADERS, queueableName, type Route, SovdError } from '@medkit/contract';
import type { Guard } from '../http/chain.ts';
import type { Exchange } from '../http/exchange.ts';

/**
 * Refuses a request that waited in the queue of a hub, unless such requests may wait for this robot: the hub may have an
 * older copy of the setting. The header can only restrict its sender, so it needs no trust.
 * @param names `hub.queueable`
 */
export const queuedGuard =
  (names: readonly string[]): Guard =>
  (route, handler) => {
    if (route.method === 'get' || isQueueable(route)) return handler;
    return (exchange) => {
      if (PEER_HEADERS.queued in exchange.headers) assertListed(names, route, exchange);
      return handler(exchange);
    };
  };

function assertListed(names: readonly string[], route: Route, exchange: Exchange): void {
  const name = nameIn(route, exchange);
  if (name !== undefined && names.includes(name)) return;
  const remedy =
    name === undefined
      ? 'send it while the robot is connected'
      : `list ${name} in hub.queueable of the robot, or send it while the robot is connected`;
  throw new SovdError({
    code: 'insufficient-access-rights',
    message: `${route.summary} may not wait in the queue of a hub for this robot: ${remedy}`,
    parameters: { setting: 'hub.queueable', ...(name !== undefined && { name }) },
  });
}

/** Returns the name of the operation or data item of a request, as a robot lists it in `hub.queueable`. */
export function nameIn(
  { method, path: template }: Pick<Route, 'method' | 'path'>,
  { entityId, path }: Pick<Exchange, 'entityId' | 'path'>,
): string | undefined {
  const address = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? entityId));
  return queueableName({ method: method.toUpperCase(), path: address });
}
