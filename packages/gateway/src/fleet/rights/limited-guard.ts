import { type FaultListResult, isAboutResource, ROUTES, type Route } from '@medkit/contract';
import { fieldsOf, type Model } from '@medkit/core';
import { entityOf } from '@medkit/entities';
import { faultNewsOf } from '@medkit/faults';
import type { Fleet, FleetView } from '@medkit/fleet';
import { resultBody } from '../../http/answer.ts';
import type { AnyHandler } from '../../http/chain.ts';
import { EventReply } from '../../http/event-reply.ts';
import type { Exchange } from '../../http/exchange.ts';
import { incidentReadHandlers } from '../../incidents/incident-handlers.ts';
import { parseLiveParameters } from '../../live/watch-list.ts';
import { limitedAccount } from '../../security/account-limit.ts';
import { isAuthorised, notAuthorised } from '../../security/authorise.ts';
import { EventStream } from '../../sse/event-stream.ts';
import { fleetPlace } from '../tree/fleet-entities.ts';
import { fleetFaults } from '../tree/fleet-faults.ts';
import type { RobotLink } from '../tree/robot-link.ts';
import type { LimitedFaults } from './limited-faults.ts';
import type { LimitedIncidents } from './limited-incidents.ts';
import type { LimitedNews } from './limited-news.ts';
import { limitedTree } from './limited-tree.ts';

export interface LimitedGuardOptions {
  readonly fleet: Pick<Fleet, 'within'>;
  readonly model: Pick<Model, 'tree'>;
  readonly stream: LimitedFaults;
  readonly toRobot: RobotLink;
  /** Incidents and their live events; absent if the hub has no incidents. */
  readonly incidents: LimitedIncidents | undefined;
  readonly news: LimitedNews | undefined;
}

const ALL_FAULTS: ReadonlySet<Route> = new Set(ROUTES.listAllFaults);
const ENTITY_FAULTS: ReadonlySet<Route> = new Set(ROUTES.listFaults);
const FAULT_STREAM: ReadonlySet<Route> = new Set(ROUTES.streamFaults);
const INCIDENT_READS = ['listIncidents', 'getIncident', 'getIncidentTimeline'] as const;
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
  { fleet, model, stream, toRobot, incidents, news }: LimitedGuardOptions,
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
  const reading = INCIDENT_READS.find((name) => ROUTES[name].some((each) => each === route));
  if (reading) {
    return async (exchange, view) => {
      const known = await incidents?.(view);
      return known ? incidentReadHandlers(() => known.reader)[reading](exchange as never) : handler(exchange);
    };
  }
  if (LIVE.has(route)) return liveOf(handler, news);
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

/** Returns the live stream of limited accounts. Values, faults and locks are those of the hub. */
function liveOf(handler: AnyHandler, news: LimitedNews | undefined): (exchange: Exchange) => unknown {
  return async ({ principal, query: { watch: _, ...query } }) => {
    const wanted = parseLiveParameters(query).news;
    const reply = await handler({ principal, query: { ...query, events: 'tree' } } as never);
    if (!news || !wanted.includes('incident') || !(reply instanceof EventReply)) return reply;
    return new EventReply(async (seen) => {
      const stream = await reply.open(seen);
      if (stream instanceof EventStream) news(principal, stream);
      return stream;
    });
  };
}

const NO_FAULTS: FaultListResult = { items: [] };
