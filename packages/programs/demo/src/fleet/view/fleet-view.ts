import type { ErrorLevel, OperatingMode, RobotError } from '@medkit/vda5050';
import type { Closure, Traffic } from '../control/closures.ts';
import type { FleetRobot } from '../control/fleet-robot.ts';
import { type Lanes, rerouted, type Trip } from '../control/trip.ts';
import { lanesAt } from '../lanes/lanes.ts';

/** The view of fleet control, for viewers. */
export interface FleetView {
  /** Address of the broker. */
  readonly broker: string;
  readonly robots: readonly RobotView[];
  readonly closed: readonly { readonly lane: string; readonly robot: string; readonly why: string }[];
  /** Absent while no robot has a route. */
  readonly way?: RouteView;
}

export interface RobotView {
  readonly robot: string;
  readonly version: string;
  /** Connection state of the robot, or `unknown`. */
  readonly connection: string;
  readonly mode?: OperatingMode;
  readonly driving?: boolean;
  readonly batteryPercent?: number;
  /** Metres on the map of the warehouse. */
  readonly place?: { readonly x: number; readonly y: number };
  /** Lanes that it is in. */
  readonly lanes: readonly string[];
  readonly errors: readonly ErrorView[];
}

export interface ErrorView {
  readonly type: string;
  readonly level: ErrorLevel;
  readonly description?: string;
  /** Link to the record of the fault at the robot's gateway. */
  readonly link?: string;
}

/** Route of a robot. */
export interface RouteView {
  readonly robot: string;
  readonly orderId: string;
  readonly orderUpdateId: number;
  /** Lanes in order, the current one first. */
  readonly lanes: readonly string[];
  /** True while another robot is in the first lane. */
  readonly waits: boolean;
  /** Closed lanes that the route avoids. */
  readonly around: readonly string[];
}

/** Reference key of an error with the link to its record. */
const LINK = 'sovdUri';

export function fleetView(
  broker: string,
  robots: readonly FleetRobot[],
  closures: readonly Closure[],
  way: RouteView | undefined,
): FleetView {
  return {
    broker,
    robots: robots.map(robotView),
    closed: closures.map(({ lane, robot, reason }) => ({ lane, robot, why: reason })),
    ...(way && { way }),
  };
}

/** Returns the route of a robot from its last position. */
export function routeView(robot: string, trip: Trip, { closures }: Traffic): RouteView {
  const { orderId, orderUpdateId, stops } = trip;
  const closed = new Set(closures.map(({ lane }) => lane));
  const usual = new Set(lanesAhead(rerouted(trip, ALL_OPEN)));
  const around = [...usual].filter((lane) => closed.has(lane));
  return { robot, orderId, orderUpdateId, lanes: lanesAhead(trip), waits: stops[1]?.released === false, around };
}

/** Lane availability without other robots. */
const ALL_OPEN: Lanes = { closed: new Set(), taken: new Set() };

function lanesAhead({ stops: [, ...ahead] }: Trip): readonly string[] {
  return ahead.flatMap(({ lane }) => lane ?? []);
}

function robotView({ address, connection, state, lastPlace }: FleetRobot): RobotView {
  const about = state && {
    mode: state.operatingMode,
    driving: state.driving,
    batteryPercent: Math.round(state.battery.chargePercent),
  };
  return {
    robot: address.serialNumber,
    version: address.version,
    connection: connection ?? 'unknown',
    ...about,
    ...(lastPlace && { place: { x: centimetres(lastPlace.x), y: centimetres(lastPlace.y) } }),
    lanes: lastPlace ? lanesAt(lastPlace).map(({ id }) => id) : [],
    errors: (state?.errors ?? []).map(errorView),
  };
}

/** Rounds metres to centimetres. */
const centimetres = (metres: number) => Math.round(metres * 100) / 100;

function errorView({ type, level, description, references }: RobotError): ErrorView {
  const link = references.find(({ key }) => key === LINK)?.value;
  return { type, level, ...(description !== undefined && { description }), ...(link !== undefined && { link }) };
}
