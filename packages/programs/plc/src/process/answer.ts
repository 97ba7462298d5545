import type { PlcServer } from '../server/open-plc-server.ts';
import type { PlcAlarm } from '../server/plc-alarm.ts';
import { TANK_ALARM_NAMES } from '../tank/tank-alarms.ts';
import type { PlcCommand, PlcRequest } from './protocol.ts';

type Command = (server: PlcServer, request: PlcRequest) => void;

const COMMANDS: Readonly<Record<PlcCommand, Command>> = {
  inject: (server, { what }) => server.scenario(what, true),
  clear: (server, { what }) => server.scenario(what, false),
  set: (server, { what, value = '' }) => server.set(what, value),
  message: (server, { what }) => server.systemMessage(what),
  activate: (server, { what }) => alarmOf(server, what).activate(),
  deactivate: (server, { what }) => alarmOf(server, what).deactivate(),
  shelve: (server, { what }) => alarmOf(server, what).shelve(true),
  unshelve: (server, { what }) => alarmOf(server, what).shelve(false),
  enable: (server, { what }) => alarmOf(server, what).enable(true),
  disable: (server, { what }) => alarmOf(server, what).enable(false),
};

/** Does what is asked of one of the servers. Throws `RangeError` for what makes no sense. */
export function answer(servers: readonly PlcServer[], request: PlcRequest): void {
  const server = servers[request.plc];
  if (server === undefined) throw new RangeError(`there is no PLC ${request.plc}, of ${servers.length}`);
  COMMANDS[request.command](server, request);
}

function alarmOf(server: PlcServer, name: string): PlcAlarm {
  const known = TANK_ALARM_NAMES.find((one) => one === name);
  if (known !== undefined) return server.alarm(known);
  throw new RangeError(`no such alarm: ${name}, expected one of ${TANK_ALARM_NAMES.join(', ')}`);
}
