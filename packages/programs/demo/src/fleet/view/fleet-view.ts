import type { ErrorLevel, OperatingMode, RobotError } from '@medkit/vda5050';
import type { Closure, Traffic } from '../control/closures.ts';
import type { FleetRobot } from '../control/fleet-robot.ts';
import { type Lanes, rerouted, type Trip } from '../control/trip.ts';
import { lanesAt } from '../lanes/lanes.ts';

/** What fleet control sees, for people and programs that look on. */
export interface FleetView {
  /** Address of the broker. */
  readonly broker: string;
  readonly robots: readonly RobotView[];
  readonly closed: readonly { readonly lane: string; readonly robot: string; readonly why: string }[];
  /** Absent while nobody is sent anywhere. */
  readonly way?: WayView;
}

export interface RobotView {
  readonly robot: string;
  readonly version: string;
  /** As the robot tells it, or `unknown`. */
  readonly connection: string;
  readonly mode?: OperatingMode;
  readonly driving?: boolean;
  readonly batteryPercent?: number;
  /** Metres on the map of the warehouse. */
  readonly place?: { readonly x: number; readonly y: number };
  /** The lanes that it stands in. */
  readonly lanes: readonly string[];
  readonly errors: readonly ErrorView[];
}

export interface ErrorView {
  readonly type: string;
  readonly level: ErrorLevel;
  readonly description?: string;
  /** Where the gateway of the robot has the record of it. */
  readonly link?: string;
}

/** Where a robot is sent. */
export interface WayView {
  readonly robot: string;
  readonly orderId: string;
  readonly orderUpdateId: number;
  /** Lanes in order, that in which it drives now first. */
  readonly lanes: readonly string[];
  /** It is not let into the first of them yet: another robot is there. */
  readonly waits: boolean;
  /** Closed lanes that it would be sent through otherwise. */
  readonly around: readonly string[];
}

/** The reference of an error that is the address of its record. */
const LINK = 'sovdUri';

export function fleetView(
  broker: string,
  robots: readonly FleetRobot[],
  closures: readonly Closure[],
  way: WayView | undefined,
): FleetView {
  return {
    broker,
    robots: robots.map(robotView),
    closed: closures.map(({ lane, robot, why }) => ({ lane, robot, why })),
    ...(way && { way }),
  };
}

/** Where a robot is sent, seen from where it was last. */
export function wayView(robot: string, trip: Trip, { closures }: Traffic): WayView {
  const { orderId, orderUpdateId, stops } = trip;
  const closed = new Set(closures.map(({ lane }) => lane));
  const usual = new Set(lanesAhead(rerouted(trip, ALL_OPEN)));
  const around = [...usual].filter((lane) => closed.has(lane));
  return { robot, orderId, orderUpdateId, lanes: lanesAhead(trip), waits: stops[1]?.released === false, around };
}

/** How the lanes are when nobody else is there. */
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

/** Metres, to the centimetre. */
const centimetres = (metres: number) => Math.round(metres * 100) / 100;

function errorView({ type, level, description, references }: RobotError): ErrorView {
  const link = references.find(({ key }) => key === LINK)?.value;
  return { type, level, ...(description !== undefined && { description }), ...(link !== undefined && { link }) };
}
