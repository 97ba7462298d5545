import type { Order, RobotState } from '@medkit/vda5050';
import type { Crossing } from '../lanes/lanes.ts';
import { type RoundStretch, STATIONS, wayRound } from './round.ts';

/** The map of the warehouse, by the name that robots have for it. */
export const MAP_ID = 'warehouse';

/** A node of a trip. */
export interface Stop {
  readonly node: Crossing;
  /** The lane that leads here; none leads to the first node of an order. */
  readonly lane?: string;
  /** Index of the station that is called at here. */
  readonly station?: number;
  readonly sequenceId: number;
  readonly released: boolean;
}

/** The order of a robot as fleet control has given it, from the last node that the robot has passed. */
export interface Trip {
  readonly orderId: string;
  readonly orderUpdateId: number;
  /** Index of the station that is called at next, seen from the first stop. */
  readonly next: number;
  readonly stops: readonly Stop[];
  /** `sequenceId` of the first node of the order as it is sent: an update begins where the base of the one before it ends. */
  readonly sentFrom: number;
}

/** Where a trip begins: at a crossing, or in a lane, from where an end of that is driven to first. */
export interface Start {
  readonly node: Crossing;
  readonly entry?: RoundStretch;
}

/** How the lanes are: which lead nowhere, and which somebody else is in, so that they are not entered now. */
export interface Lanes {
  readonly closed: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
}

/** A trip from where a robot stands, once around by all stations: `station` is the first, unless it is there already. */
export function beginTrip(orderId: string, { node, entry }: Start, station: number, lanes: Lanes): Trip {
  const isThere = node.id === STATIONS[station].id;
  const next = isThere ? (station + 1) % STATIONS.length : station;
  const first: Stop = { node, sequenceId: 0, released: true };
  // Who stands in a lane leaves it, whoever else is there.
  const base = entry === undefined ? [first] : [first, stopBehind(first, entry, true)];
  return { orderId, orderUpdateId: 0, next, stops: extended(base, next, lanes), sentFrom: 0 };
}

/** The trip without what the robot has passed. */
export function progressed(trip: Trip, { lastNode }: Pick<RobotState, 'lastNode'>): Trip {
  const at = trip.stops.findIndex(({ sequenceId }) => sequenceId === lastNode?.sequenceId);
  if (at <= 0) return trip;
  return { ...trip, next: nextBehind(trip.next, trip.stops.slice(0, at + 1)), stops: trip.stops.slice(at) };
}

/**
 * The trip with the rest of its way as it is best now: what is released stays, and what is behind it leads through lanes that are
 * open. The same trip where nothing changes.
 */
export function rerouted(trip: Trip, lanes: Lanes): Trip {
  const base = trip.stops.filter(({ released }) => released);
  const stops = extended(base, trip.next, lanes);
  if (JSON.stringify(stops) === JSON.stringify(trip.stops)) return trip;
  return { ...trip, orderUpdateId: trip.orderUpdateId + 1, stops, sentFrom: base[base.length - 1].sequenceId };
}

/** The order, or its update, as it is sent. */
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
 * The stops of a base, and behind them the way once around. A robot that has come to the end of its base may drive on to the next
 * node, unless somebody is in the lane that leads there; all the others can still be changed.
 */
function extended(base: readonly Stop[], next: number, { closed, taken }: Lanes): readonly Stop[] {
  const last = base[base.length - 1];
  const [stretch, ...rest] = wayRound(last.node, nextBehind(next, base), closed);
  if (stretch === undefined) return base;
  if (base.length === 1 && !taken.has(stretch.lane)) {
    return extended([last, stopBehind(last, stretch, true)], next, { closed, taken });
  }
  const horizon = [stopBehind(last, stretch, false)];
  for (const further of rest) horizon.push(stopBehind(horizon[horizon.length - 1], further, false));
  return [...base, ...horizon];
}

function stopBehind({ sequenceId }: Stop, { to, lane, station }: RoundStretch, released: boolean): Stop {
  return { node: to, lane, ...(station !== undefined && { station }), sequenceId: sequenceId + 2, released };
}

/** Index of the station that is called at next behind these first stops of a trip, where it is `next` at the first. */
function nextBehind(next: number, [, ...stops]: readonly Stop[]): number {
  const called = stops.findLast(({ station }) => station !== undefined)?.station;
  return called === undefined ? next : (called + 1) % STATIONS.length;
}
