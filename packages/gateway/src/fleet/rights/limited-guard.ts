import { type FaultListResult, isAboutResource, ROUTES, type Route } from '@medkit/contract';
import { fieldsOf, type Model } from '@medkit/core';
import { entityOf } from '@medkit/entities';
import { faultNewsOf } from '@medkit/faults';
import type { Fleet, FleetView } from '@medkit/fleet';
import { resultBody } from '../../http/answer.ts';
import type { AnyHandler } from '../../http/chain.ts';
import { EventReply } from '../../http/event-reply.ts';
import type { Exchange } from '../../http/exchange.ts';
import { limitedAccount } from '../../security/account-limit.ts';
import { isAuthorised, notAuthorised } from '../../security/authorise.ts';
import { fleetPlace } from '../tree/fleet-entities.ts';
import { fleetFaults } from '../tree/fleet-faults.ts';
import type { RobotLink } from '../tree/robot-link.ts';
import type { LimitedFaults } from './limited-faults.ts';
import { limitedTree } from './limited-tree.ts';

export interface LimitedGuardOptions {
  readonly fleet: Pick<Fleet, 'within'>;
  readonly model: Pick<Model, 'tree'>;
  readonly stream: LimitedFaults;
  readonly toRobot: RobotLink;
}

const ALL_FAULTS: ReadonlySet<Route> = new Set(ROUTES.listAllFaults);
const ENTITY_FAULTS: ReadonlySet<Route> = new Set(ROUTES.listFaults);
const FAULT_STREAM: ReadonlySet<Route> = new Set(ROUTES.streamFaults);
const LIVE: ReadonlySet<Route> = new Set(ROUTES.streamLive);

/**
 * Returns the handler of a route for accounts that are limited to a view: the hub has the entities and faults of the
 * view and no other ones.
 */
export function limitedHandler(route: Route, handler: AnyHandler, options: LimitedGuardOptions) {
  const answer = answerOf(route, handler, options);
  return (exchange: Exchange, view: FleetView): unknown => {
    if (!isAuthorised(exchange.principal, 'fleet.read')) throw notAuthorised(exchange.principal, 'fleet.read');
    return answer(exchange, view);
  };
}

function answerOf(
  route: Route,
  handler: AnyHandler,
  { fleet, model, stream, toRobot }: LimitedGuardOptions,
): (exchange: Exchange, view: FleetView) => unknown {
  // The record has the faults of merged robots, too.
  const faultsIn = (view: FleetView) => fleetFaults(fleet.within(view), () => false);
  if (ALL_FAULTS.has(route)) {
    return async (exchange, view) => {
      // Checks the query; the faults of this gateway and its peers are not in a view.
      const result = await handler(exchange);
      if (!Array.isArray(fieldsOf(resultBody(result) as never)?.['items'])) return result;
      return faultsIn(view).all(limitedTree(model.tree, view), exchange.query, NO_FAULTS);
    };
  }
  if (FAULT_STREAM.has(route)) {
    return ({ principal, query }) => {
      const types = faultNewsOf(query['types']);
      return new EventReply((seen) => stream.open(principal, seen, types));
    };
  }
  // Values, locks and incidents are those of the hub.
  if (LIVE.has(route))
    return ({ query: { watch: _, ...query } }) => handler({ query: { ...query, events: 'tree' } } as never);
  if (!isAboutResource(route)) return handler;
  return (exchange, view) => {
    const tree = limitedTree(model.tree, view);
    const entity = entityOf(tree, exchange.kind, exchange.entityId);
    const place = fleetPlace(entity)!;
    if (ENTITY_FAULTS.has(route)) return faultsIn(view).of(tree, { ...place, entityId: entity.id }, exchange.query);
    if (place.is === 'robot') return toRobot(place, exchange);
    throw limitedAccount(
      `An account that is limited to sites or groups reads this resource of each robot of ${entity.id}`,
    );
  };
}

const NO_FAULTS: FaultListResult = { items: [] };
