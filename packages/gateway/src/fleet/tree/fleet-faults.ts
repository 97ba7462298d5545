import {
  type FaultListAggXMedkit,
  type FaultListItem,
  type FaultListResult,
  type FaultListXMedkit,
  FLEET_PAGE,
  type FleetFault,
  isRobotConnected,
} from '@medkit/contract';
import { type EntityTree, nativeIdOf } from '@medkit/core';
import { statusesOf } from '@medkit/faults';
import type { Fleet, FleetFaultQuery } from '@medkit/fleet';
import { stored } from '../../database/store-errors.ts';
import { componentOfRobot, type FleetPlace } from './fleet-entities.ts';

/** Faults of one reply: 5 MB of about 1 kB each. */
const MAX_FAULTS = 5000;

/** Query parameters of a list of faults. */
export type FaultListQuery = Readonly<Record<string, string | undefined>>;

/** The active faults of robots as faults of the hub. All calls throw `service-unavailable` if the record fails. */
export interface FleetFaults {
  /**
   * Adds the faults of all robots that are no peers to the list of this gateway, which was made for the same query. Both are sorted by
   * code if the query has a limit or there are more faults than one reply has.
   */
  all(tree: EntityTree, query: FaultListQuery, local: FaultListResult): Promise<FaultListResult>;
  /** Lists the faults of a site, robot or group: those of this gateway first, if it has a part of that entity. */
  of(
    tree: EntityTree,
    place: FleetPlace & { readonly entityId: string },
    query: FaultListQuery,
    local?: FaultListResult,
  ): Promise<FaultListResult>;
}

/** @param isPeer whether a robot is a peer, whose faults the list of the gateway has */
export function fleetFaults(fleet: Pick<Fleet, 'faults'>, isPeer: (robot: string) => boolean): FleetFaults {
  return {
    all: async (tree, query, local) => {
      const isSelected = selection(query);
      const max = query['limit'] ? Number(query['limit']) : MAX_FAULTS;
      const found: FaultListItem[] = [];
      let isMore = false;
      if (includesActive(query)) {
        const { severity, cursor: after } = query;
        for await (const fault of activeFaults(fleet, {
          ...(severity && { severity }),
          ...(after && { after }),
          sort: 'code',
        })) {
          const item = listedItem(tree, fault);
          if (isPeer(fault.robot) || !isSelected(item)) continue;
          // Faults of several robots with one code are on one page.
          isMore = found.length >= max && item.fault_code !== found.at(-1)?.fault_code;
          if (isMore) break;
          found.push(item);
        }
      }
      return merged(local, { items: found, next: isMore ? found.at(-1)?.fault_code : undefined }, max);
    },
    of: async (tree, { is, name, entityId }, query, local) => {
      const items = [...(local?.items ?? [])];
      let isMore = false;
      if (includesActive(query)) {
        for await (const fault of activeFaults(fleet, { [PLACE_FILTER[is]]: name })) {
          isMore = items.length >= MAX_FAULTS;
          if (isMore) break;
          items.push(listedItem(tree, fault));
        }
      }
      const about: FaultListAggXMedkit = {
        ...{ entity_id: entityId, aggregation_level: LEVEL[is], aggregated: true },
        ...(local?.['x-medkit'] as FaultListAggXMedkit | undefined),
        count: items.length,
        ...(isMore && { partial: true }),
      };
      return { ...local, items, 'x-medkit': about };
    },
  };
}

const PLACE_FILTER = { site: 'site', robot: 'robot', group: 'group' } as const;
const LEVEL = { site: 'area', robot: 'component', group: 'function' } as const;

/** Returns whether a list includes confirmed faults: the record has no others. Throws `invalid-parameter`. */
const includesActive = ({ status }: FaultListQuery): boolean => statusesOf(status).includes('CONFIRMED');

/** Reads active faults page by page. */
async function* activeFaults(fleet: Pick<Fleet, 'faults'>, query: FleetFaultQuery): AsyncGenerator<FleetFault> {
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page = { ...query, limit: FLEET_PAGE.max, ...(cursor !== undefined && { cursor }) };
    const { items, next } = await stored(() => fleet.faults(page));
    yield* items;
    cursor = next;
  }
}

/**
 * Returns a fault of a robot as a fault of the hub: of the component that stands for the robot. The entity on the robot
 * is in `x-medkit`.
 * @param asOf until when its changes are known; absent while the robot is connected
 */
export function hubItem(
  tree: EntityTree,
  { robot, origin, fault }: Pick<FleetFault, 'fault' | 'origin' | 'robot'>,
  asOf?: string,
) {
  const { entity_type: kind, entity_id: id, 'x-medkit': about, ...others } = fault;
  const component = componentOfRobot(tree, robot);
  return {
    ...others,
    ...(component !== undefined && { entity_type: 'component' as const, entity_id: component }),
    'x-medkit': {
      ...Object(about),
      ...{ robot, origin: robotOrigin(robot, origin) },
      ...(kind && id && { robot_entity: nativeIdOf({ kind, id }) }),
      ...(asOf !== undefined && { as_of: asOf }),
    },
  };
}

const listedItem = (tree: EntityTree, fault: FleetFault): FaultListItem =>
  hubItem(tree, fault, isRobotConnected(fault.presence) ? undefined : fault.as_of);

/** Returns the gateway that has a fault: the robot, or a gateway behind it. */
export const robotOrigin = (robot: string, origin: string | null | undefined): string =>
  origin ? `${robot}/${origin}` : robot;

/** Returns what selects faults by the text and the end of the period of a query, which the local list has checked. */
function selection({ q, until }: FaultListQuery): (item: FaultListItem) => boolean {
  const wanted = q?.toLowerCase() ?? '';
  const untilMs = until ? Date.parse(until) : Number.POSITIVE_INFINITY;
  return (item) => {
    if (typeof item.first_occurred === 'number' && item.first_occurred * 1000 > untilMs) return false;
    const { robot = '', robot_entity: entity = '' } = item['x-medkit'] ?? {};
    const texts = [item.fault_code, item.description, robot, entity, ...(item.reporting_sources ?? [])];
    return texts.some((text) => (text ?? '').toLowerCase().includes(wanted));
  };
}

/** Merges two lists by code. Each may end at a code after which there are more. */
function merged(
  local: FaultListResult,
  fleet: { readonly items: readonly FaultListItem[]; readonly next: string | undefined },
  max: number,
): FaultListResult {
  const { next_cursor, ...about }: Partial<FaultListXMedkit> = local['x-medkit'] ?? {};
  const localNext = next_cursor ?? undefined;
  const all = [...local.items, ...fleet.items].sort(byCode);
  const ends = [localNext, fleet.next, all[max - 1]?.fault_code].filter((code) => code !== undefined).sort();
  const end = ends[0];
  const items = end === undefined ? all : all.filter(({ fault_code: code }) => code <= end);
  const isLast = localNext === undefined && fleet.next === undefined && items.length === all.length;
  return {
    ...local,
    items,
    'x-medkit': { ...about, count: items.length, ...(!isLast && end !== undefined && { next_cursor: end }) },
  };
}

const byCode = ({ fault_code: a }: FaultListItem, { fault_code: b }: FaultListItem): number =>
  a < b ? -1 : a > b ? 1 : 0;
