import type { FleetView, RobotView, RouteView } from '@medkit/demo';
import { type Cell, table } from '../terminal/table.ts';

const HEAD = ['ROBOT', 'VERSION', 'CONNECTION', 'MODE', 'WHERE', 'BATTERY', 'ERRORS'];

/** Maximum number of lanes of a route that are printed. */
const MAX_LANES = 6;

/** The view of fleet control as text. */
export function fleetText({ robots, closed, way }: FleetView): string {
  const errors = errorsIn({ robots }).map(({ robot, error }) => errorLine(robot, error));
  return [
    table(HEAD, robots.map(row)),
    ...(errors.length === 0 ? [] : ['', ...errors]),
    '',
    ...(closed.length === 0 ? ['Every lane is open.'] : closed.map(closureLine)),
    way === undefined ? 'No robot has a route.' : wayLine(way),
  ].join('\n');
}

/** One line per change. Ignores mere movement and changed descriptions. */
export function changeLines(before: FleetView, after: FleetView): readonly string[] {
  const closed = unlike(after.closed, before.closed, ({ lane }) => lane);
  const opened = unlike(before.closed, after.closed, ({ lane }) => lane);
  const errors = unlike(
    errorsIn(after),
    errorsIn(before),
    ({ robot, error }) => `${robot} ${error.level} ${error.type}`,
  );
  const gone = unlike(errorsIn(before), errorsIn(after), ({ robot, error }) => `${robot} ${error.type}`);
  return [
    ...unlike(after.robots.map(presenceLine), before.robots.map(presenceLine), (line) => line),
    ...errors.map(({ robot, error }) => errorLine(robot, error)),
    ...gone.map(({ robot, error }) => `${robot} ${error.type} resolved`),
    ...closed.map(closureLine),
    ...opened.map(({ lane }) => `${lane} is open`),
    ...(after.way && isRerouted(before.way, after.way) ? [wayLine(after.way)] : []),
  ];
}

/** Returns the items of `some` whose key no item of `others` has. */
function unlike<T>(some: readonly T[], others: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const known = new Set(others.map(keyOf));
  return some.filter((one) => !known.has(keyOf(one)));
}

function errorsIn({ robots }: Pick<FleetView, 'robots'>) {
  return robots.flatMap(({ robot, errors }) => errors.map((error) => ({ robot, error })));
}

function presenceLine({ robot, connection, mode }: RobotView): string {
  return `${robot} is ${connection}${mode === undefined ? '' : `, ${mode}`}`;
}

/** Returns whether the route of a robot changed other than by progress or extension. */
function isRerouted(before: RouteView | undefined, after: RouteView): boolean {
  if (before === undefined) return true;
  if (before.orderId === after.orderId && before.orderUpdateId === after.orderUpdateId) return false;
  const passed = [0, 1].map((count) => before.lanes.slice(count));
  return !passed.some((lanes) => lanes.every((lane, index) => lane === after.lanes[index]));
}

function row({ robot, version, connection, mode, lanes, place, batteryPercent, errors }: RobotView): readonly Cell[] {
  const at = place && `${place.x.toFixed(1)}, ${place.y.toFixed(1)}`;
  return [
    robot,
    version,
    { text: connection, colour: connection === 'ONLINE' ? 'green' : 'red' },
    mode ?? '',
    [lanes.join(', '), at && `(${at})`].filter((part) => part !== '' && part !== undefined).join(' '),
    batteryPercent === undefined ? '' : `${batteryPercent} %`,
    errors.length === 0 ? 'none' : { text: String(errors.length), colour: 'red' },
  ];
}

function errorLine(robot: string, { type, level, description, link }: RobotView['errors'][number]): string {
  const detail = description === undefined ? '' : `: ${description}`;
  return `${robot} ${level} ${type}${detail}${link === undefined ? '' : `\n  ${link}`}`;
}

function closureLine({ lane, robot, why: reason }: FleetView['closed'][number]): string {
  return `${lane} is closed: ${robot} blocks it: ${reason}`;
}

function wayLine({ robot, lanes, waits, around }: RouteView): string {
  if (lanes.length === 0) return `${robot} waits: no route available`;
  const listed = lanes.length > MAX_LANES ? [...lanes.slice(0, MAX_LANES), '…'] : lanes;
  const detour = around.length === 0 ? '' : `, around ${around.join(', ')}`;
  return `${robot} drives ${listed.join(' → ')}${detour}${waits ? `; waits for another robot in ${lanes[0]}` : ''}`;
}
