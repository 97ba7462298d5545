import { type FaultListResult, isAboutResource, ROUTES, type Route, SovdError } from '@medkit/contract';
import { fieldsOf, LOCAL, type Model, nativeIdOf } from '@medkit/core';
import { faultHost, faultNewsOf } from '@medkit/faults';
import type { Fleet } from '@medkit/fleet';
import { stored } from '../../database/store-errors.ts';
import type { FaultFeed } from '../../fault-stream/fault-feed.ts';
import { Answer, resultBody } from '../../http/answer.ts';
import type { AnyHandler, Guard } from '../../http/chain.ts';
import { EventReply } from '../../http/event-reply.ts';
import type { Exchange } from '../../http/exchange.ts';
import { pathAfterEntity } from '../../peers/forwarding/forward-request.ts';
import { isAuthorised, notAuthorised } from '../../security/authorise.ts';
import { knownTrees } from '../known-tree.ts';
import { apiOf } from '../replace-addresses.ts';
import { type FleetPlace, fleetPlace } from './fleet-entities.ts';
import type { FleetFaults } from './fleet-faults.ts';

export interface FleetGuardOptions {
  readonly fleet: Pick<Fleet, 'known'>;
  readonly model: Pick<Model, 'tree'>;
  readonly faults: FleetFaults;
  /** The fault events of this gateway, its peers and all robots. */
  readonly feed: FaultFeed;
}

const ALL_FAULTS: ReadonlySet<Route> = new Set(ROUTES.listAllFaults);
const ENTITY_FAULTS: ReadonlySet<Route> = new Set(ROUTES.listFaults);
const FAULT_STREAM: ReadonlySet<Route> = new Set(ROUTES.streamFaults);

/**
 * Answers requests of clients on the entities of the fleet: lists of faults and the fault stream from the record, and
 * all other resources of a robot with the address at which the robot has them. Requests of the gateway to itself do not
 * pass it: incidents of the hub are not made from faults of robots.
 */
export function fleetGuard(options: FleetGuardOptions): Guard {
  const { fleet, model, faults, feed } = options;
  const treeOf = knownTrees(fleet.known);
  return (route, handler) => {
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
      return place.is === 'robot' && !isShared ? toRobot(treeOf, place, exchange) : handler(exchange);
    };
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

/** Sends a client to the same resource of the component that hosts most apps of the robot. */
async function toRobot(
  treeOf: ReturnType<typeof knownTrees>,
  { name }: FleetPlace,
  exchange: Exchange,
): Promise<Answer<never>> {
  const known = await stored(() => treeOf(name));
  const root = known && faultHost(known.tree);
  const api = apiOf(name);
  if (!root) {
    const message = `The hub has not read the entities of the robot ${name} yet: ask ${api} for them`;
    throw new SovdError({ code: 'not-responding', message, parameters: { robot: name } });
  }
  const { query } = exchange.forwarded(undefined);
  const path = `${api}/${nativeIdOf(root)}${pathAfterEntity(exchange.url)}`;
  return new Answer<never>(307, undefined, { Location: query === '' ? path : `${path}?${query}` });
}
