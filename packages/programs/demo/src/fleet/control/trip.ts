import type { Order, RobotState } from '@medkit/vda5050';
import type { Crossing } from '../lanes/lanes.ts';
import { type RoundSegment, roundTripRoute, STATIONS } from './round.ts';

/** Id of the warehouse map for the robots. */
export const MAP_ID = 'warehouse';

/** A node of a trip. */
export interface Stop {
  readonly node: Crossing;
  /** Lane that leads here; absent for the first node of an order. */
  readonly lane?: string;
  /** Index of the station at this node. */
  readonly station?: number;
  readonly sequenceId: number;
  readonly released: boolean;
}

/** The order of a robot, from the last node that it has passed. */
export interface Trip {
  readonly orderId: string;
  readonly orderUpdateId: number;
  /** Index of the next station after the first stop. */
  readonly next: number;
  readonly stops: readonly Stop[];
  /** `sequenceId` of the first node in the sent order: an update starts where the previous base ends. */
  readonly sentFrom: number;
}

/** Start of a trip: at a crossing, or in a lane, from which the robot first drives to one end. */
export interface Start {
  readonly node: Crossing;
  readonly entry?: RoundSegment;
}

/** Lane availability: closed lanes, and lanes with another robot, which are not entered now. */
export interface Lanes {
  readonly closed: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
}

/** Starts a trip once around all stations. `station` is the first, unless the robot is already there. */
export function beginTrip(orderId: string, { node, entry }: Start, station: number, lanes: Lanes): Trip {
  const isThere = node.id === STATIONS[station].id;
  const next = isThere ? (station + 1) % STATIONS.length : station;
  const first: Stop = { node, sequenceId: 0, released: true };
  // A robot in a lane leaves it, even if another robot is there.
  const base = entry === undefined ? [first] : [first, stopBehind(first, entry, true)];
  return { orderId, orderUpdateId: 0, next, stops: extended(base, next, lanes), sentFrom: 0 };
}

/** Returns the trip without the passed nodes. */
export function withoutPassedNodes(trip: Trip, { lastNode }: Pick<RobotState, 'lastNode'>): Trip {
  const at = trip.stops.findIndex(({ sequenceId }) => sequenceId === lastNode?.sequenceId);
  if (at <= 0) return trip;
  return { ...trip, next: nextBehind(trip.next, trip.stops.slice(0, at + 1)), stops: trip.stops.slice(at) };
}

/**
 * Returns the trip with the best remaining route: released nodes stay, later ones use open lanes. Returns the same trip if
 * nothing changes.
 */
export function rerouted(trip: Trip, lanes: Lanes): Trip {
  const base = trip.stops.filter(({ released }) => released);
  const stops = extended(base, trip.next, lanes);
  if (JSON.stringify(stops) === JSON.stringify(trip.stops)) return trip;
  return { ...trip, orderUpdateId: trip.orderUpdateId + 1, stops, sentFrom: base[base.length - 1].sequenceId };
}

/** Returns the order message or its update. */
export function orderOf({ orderId, orderUpdateId, stops, sentFrom }: Trip): Order {
  const sent = stops.filter(({ sequenceId }) => sequenceId >= sentFrom);
  const edges = sent.slice(1).map(({ node, lane = '', sequenceId, released }, index) => ({
    edgeId: lane,
    sequenceId: sequenceId - 1,
    released,
    startNodeId: sent[index].node.id,
    endNodeId: node.id,
  }));
  const nodes = sent.map(({ node: { id, x, y }, sequenceId, released }) => ({
    nodeId: id,
    sequenceId,
    released,
    position: { mapId: MAP_ID, x, y },
  }));
  return { orderId, orderUpdateId, nodes, edges };
}

/**
 * Returns the stops of a base, followed by the route once around. At the end of its base, a robot may continue to the next node
 * unless another robot is in that lane; all later nodes can still change.
 */
function extended(base: readonly Stop[], next: number, { closed, taken }: Lanes): readonly Stop[] {
  const last = base[base.length - 1];
  const [stretch, ...rest] = roundTripRoute(last.node, nextBehind(next, base), closed);
  if (stretch === undefined) return base;
  if (base.length === 1 && !taken.has(stretch.lane)) {
    return extended([last, stopBehind(last, stretch, true)], next, { closed, taken });
  }
  const horizon = [stopBehind(last, stretch, false)];
  for (const further of rest) horizon.push(stopBehind(horizon[horizon.length - 1], further, false));
  return [...base, ...horizon];
}

function stopBehind({ sequenceId }: Stop, { to, lane, station }: RoundSegment, released: boolean): Stop {
  return { node: to, lane, ...(station !== undefined && { station }), sequenceId: sequenceId + 2, released };
}

/** Returns the index of the next station after these first stops, given `next` at the first one. */
function nextBehind(next: number, [, ...stops]: readonly Stop[]): number {
  const called = stops.findLast(({ station }) => station !== undefined)?.station;
  return called === undefined ? next : (called + 1) % STATIONS.length;
}
