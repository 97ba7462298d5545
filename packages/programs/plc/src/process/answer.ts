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
  refresh: (server, { value }) => server.refreshes(value === true),
  activate: (server, { what, says }) => alarmOf(server, what).activate(says),
  deactivate: (server, { what }) => alarmOf(server, what).deactivate(),
  acknowledge: (server, { what }) => alarmOf(server, what).acknowledge(),
  confirm: (server, { what }) => alarmOf(server, what).confirm(),
  branch: (server, { what }) => alarmOf(server, what).branch(),
  forget: (server, { what }) => alarmOf(server, what).forget(),
  shelve: (server, { what }) => alarmOf(server, what).shelve('OneShotShelved'),
  'shelve-timed': (server, { what }) => alarmOf(server, what).shelve('TimedShelved'),
  unshelve: (server, { what }) => alarmOf(server, what).shelve('Unshelved'),
  enable: (server, { what }) => alarmOf(server, what).enable(true),
  disable: (server, { what }) => alarmOf(server, what).enable(false),
};

/** Executes a request on one of the servers. Throws `RangeError` for an invalid request. */
export function answer(servers: readonly PlcServer[], request: PlcRequest): void {
  const server = servers[request.plc];
  if (server === undefined) throw new RangeError(`no PLC ${request.plc}: the process has ${servers.length}`);
  COMMANDS[request.command](server, request);
}

function alarmOf(server: PlcServer, name: string): PlcAlarm {
  const known = TANK_ALARM_NAMES.find((one) => one === name);
  if (known !== undefined) return server.alarm(known);
  throw new RangeError(`no such alarm: ${name}, expected one of ${TANK_ALARM_NAMES.join(', ')}`);
}
