import { type FaultListResult, isAboutResource, ROUTES, type Route } from '@medkit/contract';
import { fieldsOf, LOCAL, type Model } from '@medkit/core';
import { faultNewsOf } from '@medkit/faults';
import type { FleetView } from '@medkit/fleet';
import type { FaultFeed } from '../../fault-stream/fault-feed.ts';
import { resultBody } from '../../http/answer.ts';
import type { AnyHandler, Guard } from '../../http/chain.ts';
import { EventReply } from '../../http/event-reply.ts';
import type { Exchange } from '../../http/exchange.ts';
import { isAuthorised, notAuthorised } from '../../security/authorise.ts';
import { fleetPlace } from './fleet-entities.ts';
import type { FleetFaults } from './fleet-faults.ts';
import type { RobotLink } from './robot-link.ts';

export interface FleetGuardOptions {
  readonly model: Pick<Model, 'tree'>;
  readonly faults: FleetFaults;
  /** The fault events of this gateway, its peers and all robots. */
  readonly feed: FaultFeed;
  readonly toRobot: RobotLink;
  /** Returns what answers limited accounts on a route. */
  readonly limited: (route: Route, handler: AnyHandler) => (exchange: Exchange, view: FleetView) => unknown;
}

const ALL_FAULTS: ReadonlySet<Route> = new Set(ROUTES.listAllFaults);
const ENTITY_FAULTS: ReadonlySet<Route> = new Set(ROUTES.listFaults);
const FAULT_STREAM: ReadonlySet<Route> = new Set(ROUTES.streamFaults);

/**
 * Answers requests of clients on the entities of the fleet: lists of faults and the fault stream from the record, and
 * all other resources of a robot with the address at which the robot has them. Requests of the gateway to itself do not
 * pass it: incidents of the hub are not made from faults of robots. An account that is limited to sites and groups has the
 * entities of its view only.
 */
export function fleetGuard(options: FleetGuardOptions): Guard {
  const { model, faults, feed, toRobot, limited } = options;
  const unlimited: Guard = (route, handler) => {
    if (ALL_FAULTS.has(route)) {
      return withFleetFaults(handler, (exchange, local) => faults.all(model.tree, exchange.query, local));
    }
    if (FAULT_STREAM.has(route)) {
      return (exchange) => {
        const { via } = exchange.call();
        if (!isAuthorised(exchange.principal, 'fleet.read') || via.length > 0) return handler(exchange);
        const types = faultNewsOf(exchange.query['types']);
        return new EventReply((seen) => feed.open(seen, types));
      };
    }
    if (!isAboutResource(route)) return handler;
    return (exchange) => {
      const entity = model.tree.resolve(exchange.kind, exchange.entityId);
      const place = entity && fleetPlace(entity);
      if (!place) return handler(exchange);
      if (!isAuthorised(exchange.principal, 'fleet.read')) throw notAuthorised(exchange.principal, 'fleet.read');
      const isShared = (entity.addresses ?? []).length > 1 || entity.origin === LOCAL;
      if (ENTITY_FAULTS.has(route)) {
        const at = { ...place, entityId: entity.id };
        if (!isShared) return faults.of(model.tree, at, exchange.query);
        const withRobots = withFleetFaults(handler, (_, local) => faults.of(model.tree, at, exchange.query, local));
        return withRobots(exchange);
      }
      return place.is === 'robot' && !isShared ? toRobot(place, exchange) : handler(exchange);
    };
  };
  return (route, handler) => {
    const usual = unlimited(route, handler);
    const withView = limited(route, handler);
    return (exchange) => (exchange.view ? withView(exchange, exchange.view) : usual(exchange));
  };
}

/** Returns a handler that adds the faults of robots to the list of `handler`, which checks the query. */
function withFleetFaults(
  handler: AnyHandler,
  add: (exchange: Exchange, local: FaultListResult) => Promise<FaultListResult>,
): AnyHandler {
  return async (exchange) => {
    const result = await handler(exchange);
    const local = fieldsOf(resultBody(result) as never);
    if (!Array.isArray(local?.['items']) || !isAuthorised(exchange.principal, 'fleet.read')) return result;
    return add(exchange, local as unknown as FaultListResult);
  };
}
