import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  type FaultListResult,
  FLEET_PAGE,
  type FleetFault,
  type FleetRobot,
  ROUTES,
  type Route,
  type RouteName,
} from '@medkit/contract';
import { nativeIdOf, parseJson } from '@medkit/core';
import { entityDetail, entityList, entityOf, relatedEntities, relationOf } from '@medkit/entities';
import { treeFaults } from '@medkit/faults';
import type { Fleet } from '@medkit/fleet';
import { stored } from '../database/store-errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { type KnownTree, knownTrees, optionalResources } from './known-tree.ts';

/** Pages of the last known faults: a robot has at most 1,000. */
const MAX_PAGES = 4;

const expand = promisify(gunzip);

/** A request for a robot that is away. */
export interface KnownRequest {
  readonly robot: FleetRobot;
  readonly route: Route;
  readonly exchange: Pick<Exchange, 'entityId' | 'kind' | 'path' | 'query'>;
}

/** The body of an answer, and when the hub learned it, milliseconds since 1970. */
export interface KnownReply {
  readonly body: object;
  readonly atMs: number;
}

/** What an answer is made from. */
interface Sources {
  readonly fleet: Pick<Fleet, 'faults' | 'known'>;
  readonly treeOf: ReturnType<typeof knownTrees>;
}

type Answer = (sources: Sources, request: KnownRequest) => Promise<KnownReply | undefined>;

/** Returns an answer that needs the tree of the robot. */
const fromTree =
  (body: (known: KnownTree, request: KnownRequest) => object): Answer =>
  async ({ treeOf }, request) => {
    const known = await stored(() => treeOf(request.robot.id));
    return known && { body: body(known, request), atMs: known.atMs };
  };

/** Routes that the hub answers for a robot that is away, apart from relations of entities. */
const ANSWERS: { readonly [Name in RouteName]?: Answer } = {
  getTree: fromTree(({ document }) => document as object),
  listEntities: fromTree(({ tree }, { exchange }) => entityList(tree, exchange.kind)),
  getEntity: fromTree(({ tree }, { exchange }) => {
    const entity = entityOf(tree, exchange.kind, exchange.entityId);
    return entityDetail(entity, optionalResources(entity), (name) => ANSWERED.has(name));
  }),
  listAllFaults: async (sources, request) => {
    if (!includesActive(request)) return undefined;
    return withFaults(request, faultList(await knownFaults(sources, request), request));
  },
  listFaults: async (sources, request) => {
    const isIncluded = includesActive(request) ? await faultFilter(sources, request) : undefined;
    if (!isIncluded) return undefined;
    return withFaults(request, faultList((await knownFaults(sources, request)).filter(isIncluded), request));
  },
  getTreeFaults: async (sources, request) =>
    withFaults(request, treeFaults(faultList(await knownFaults(sources, request), request))),
  getFault: async (sources, request) => {
    const isIncluded = await faultFilter(sources, request);
    if (!isIncluded) return undefined;
    const code = request.exchange.path['fault_code'] ?? '';
    const faults = await knownFaults(sources, request);
    const found = faults.find((item) => item.fault.fault_code === code && isIncluded(item));
    if (!found) return undefined;
    const { known } = sources.fleet;
    const detail = await stored(() => known.faultDetail(request.robot.id, found.origin ?? '', code));
    return detail && { body: parseJson((await expand(detail.gzip)).toString()) as object, atMs: detail.atMs };
  },
  listIncidents: async ({ fleet }, { robot, exchange }) => {
    const { state, ...others } = exchange.query;
    if (state !== 'open' || Object.keys(others).some((name) => name !== 'limit')) return undefined;
    const known = await stored(() => fleet.known.incidents(robot.id));
    return known && { body: { items: known.items }, atMs: known.atMs };
  },
};

const relation: Answer = fromTree(({ tree }, { route, exchange }) =>
  relatedEntities(tree, relationOf(route)!, exchange.entityId),
);

const ANSWER_OF = new Map<Route, Answer>(
  Object.entries<readonly Route[]>(ROUTES).flatMap(([name, routes]) =>
    routes.flatMap((route) => {
      const answer = ANSWERS[name as RouteName] ?? (relationOf(route) && relation);
      return answer ? [[route, answer] as const] : [];
    }),
  ),
);
/** Last segments of the answered routes: the capabilities of an entity while its robot is away. */
const ANSWERED = new Set([...ANSWER_OF.keys()].map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));

/**
 * Returns a function that answers requests for robots that are away, from what the hub knows: entities, active faults
 * and their details, and open incidents. It returns `undefined` for any other request, and if nothing was read.
 * Throws `SovdError` if the tree has no such entity.
 */
export function knownReplies(fleet: Sources['fleet']): (request: KnownRequest) => Promise<KnownReply | undefined> {
  const sources = { fleet, treeOf: knownTrees(fleet.known) };
  return async (request) => ANSWER_OF.get(request.route)?.(sources, request);
}

/** Statuses with which a list includes the active faults. */
const WITH_ACTIVE: readonly (string | undefined)[] = ['confirmed', 'all', undefined];
const includesActive = ({ exchange }: KnownRequest): boolean => WITH_ACTIVE.includes(exchange.query['status']);

/** Returns an answer about the faults; `undefined` if the hub never read them. */
const withFaults = ({ robot }: KnownRequest, body: object): KnownReply | undefined =>
  robot.as_of ? { body, atMs: Date.parse(robot.as_of) } : undefined;

/** Returns a list of active faults, which is partial if the request includes others: the hub does not know those. */
const faultList = (faults: readonly FleetFault[], { exchange }: KnownRequest): FaultListResult => ({
  items: faults.map(({ fault }) => fault),
  'x-medkit': { count: faults.length, ...(exchange.query['status'] !== 'confirmed' && { partial: true }) },
});

/** Returns what selects the faults of the entity of a request and of its members; `undefined` without a tree. */
async function faultFilter(
  { treeOf }: Sources,
  { robot, exchange }: KnownRequest,
): Promise<((item: FleetFault) => boolean) | undefined> {
  const known = await stored(() => treeOf(robot.id));
  if (!known) return undefined;
  const entity = entityOf(known.tree, exchange.kind, exchange.entityId);
  const keys = new Set([entity, ...known.tree.members(entity)].map(nativeIdOf));
  return ({ fault: { entity_type: kind, entity_id: id } }) => Boolean(kind && id && keys.has(nativeIdOf({ kind, id })));
}

async function knownFaults({ fleet }: Sources, { robot }: KnownRequest): Promise<readonly FleetFault[]> {
  const items: FleetFault[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { robot: robot.id, limit: FLEET_PAGE.max, ...(cursor !== undefined && { cursor }) };
    const found = await stored(() => fleet.faults(query));
    items.push(...found.items);
    cursor = found.next;
    if (cursor === undefined) break;
  }
  return items;
}
