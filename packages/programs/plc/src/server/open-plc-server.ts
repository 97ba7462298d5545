import type { Clock } from '@medkit/edges';
import { RunningTank } from '../tank/running-tank.ts';
import type { TankAlarmName } from '../tank/tank-alarms.ts';
import { isPlcScenarioName } from '../tank/tank-faults.ts';
import { conditionRefresh } from './condition-refresh.ts';
import type { Folder, Library, Namespace } from './library.ts';
import { addLoadItems } from './load-items.ts';
import { addNameplate, TANK_NAMEPLATE } from './nameplate.ts';
import type { PlcAlarm } from './plc-alarm.ts';
import { addRecipe } from './recipe.ts';
import { type PlcSecurity, securityOptions } from './security.ts';
import { addTankAlarms } from './tank-alarm-nodes.ts';
import { addTankMethods } from './tank-methods.ts';
import { addTankVariables } from './tank-variables.ts';

export interface PlcServerOptions {
  readonly port: number;
  /** Index of the server in this process, used in its names. */
  readonly index: number;
  /** Folder for its certificates; nothing is written elsewhere. */
  readonly folder: string;
  readonly security: PlcSecurity;
  /** Number of additional changing variables, and changes per second. */
  readonly items: number;
  readonly changesPerSecond: number;
  readonly clock: Clock;
  /** Called when the station revokes or grants its release for vehicles. */
  readonly onRelease: (isReleased: boolean) => void;
}

/** An OPC UA server with a filling station, in this process. */
export interface PlcServer {
  readonly endpointUrl: string;
  /** Starts or ends a failure scenario. Throws `RangeError` for an unknown scenario. */
  scenario(name: string, isOn: boolean): void;
  /** Sets a variable, and the tank if it has this value. Throws `RangeError` for an unknown variable. */
  set(nodeId: string, value: number | boolean | string): void;
  alarm(name: TankAlarmName): PlcAlarm;
  /** Enables or disables ConditionRefresh (OPC 10000-9, 5.5.7). */
  refreshes(isDone: boolean): void;
  /** Sends an event that is not a condition from the server object. */
  systemMessage(text: string): void;
  close(): Promise<void>;
}

const NAMESPACE_URI = 'urn:medkit:plc:tank';
const OBJECTS = ['Tank', 'Pump', 'Valve', 'Vfd', 'Controller', 'Recipe', 'Simulation'] as const;
/** Bit 0 of the EventNotifier attribute: the object sends events (OPC 10000-3, 5.5.1). */
const SUBSCRIBE_TO_EVENTS = 1;
/** Maximum number of sessions; tests need no more. */
const MAX_SESSIONS = 50;
/** Severity of a system message. */
const MESSAGE_SEVERITY = 500;

/** Starts a server on loopback. */
export async function openPlcServer(library: Library, options: PlcServerOptions): Promise<PlcServer> {
  const { port, index, folder, security, clock } = options;
  const suffix = index === 0 ? '' : `-${index + 1}`;
  const server = new library.OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port,
    nodeset_filename: [library.nodesets.standard],
    maxAllowedSessionNumber: MAX_SESSIONS,
    maxConnectionsPerEndpoint: MAX_SESSIONS,
    serverInfo: {
      applicationUri: `urn:medkit:plc${suffix}`,
      productUri: 'urn:medkit:plc',
      applicationName: `Filling station${suffix}`,
    },
    buildInfo: {
      productName: TANK_NAMEPLATE.Model,
      manufacturerName: TANK_NAMEPLATE.Manufacturer,
      softwareVersion: TANK_NAMEPLATE.SoftwareRevision,
      buildNumber: '1',
      buildDate: new Date(clock.wallMs()),
    },
    ...(await securityOptions(library, folder, security)),
  });
  await server.initialize();
  const { addressSpace } = server.engine;
  if (addressSpace === null) throw new Error('node-opcua has created no address space');
  // Required for Acknowledge, Confirm and ConditionRefresh.
  addressSpace.installAlarmsAndConditionsService();
  const namespace = addressSpace.registerNamespace(NAMESPACE_URI);
  const { station, objects } = addStation(addressSpace.rootFolder.objects, namespace);
  addNameplate(addressSpace, `${TANK_NAMEPLATE.SerialNumber}${suffix}`);
  let wasReleased = true;
  const tank: RunningTank = new RunningTank({
    clock,
    onCycle: () => {
      if (tank.isReleased !== wasReleased) options.onRelease(tank.isReleased);
      wasReleased = tank.isReleased;
      variables.update();
      alarms.update();
    },
  });
  const variables = addTankVariables(library, namespace, objects, tank);
  const alarms = addTankAlarms(library, namespace, objects, variables, tank);
  addTankMethods(library, namespace, station, tank);
  addRecipe(namespace, objects);
  const load = addLoadItems(addressSpace, namespace, options);
  await server.start();
  tank.start();
  return {
    endpointUrl: server.getEndpointUrl(),
    scenario: (name, isOn) => {
      if (!isPlcScenarioName(name)) throw new RangeError(`no such scenario: ${name}`);
      tank.setScenario(name, isOn);
    },
    set: (nodeId, value) => variables.set(nodeId, value),
    alarm: alarms.alarm,
    refreshes: conditionRefresh(addressSpace),
    systemMessage: (text) => {
      server.engine.addressSpace?.rootFolder.objects.server.raiseEvent('SystemEventType', {
        message: { dataType: 'LocalizedText', value: { text } },
        severity: { dataType: 'UInt16', value: MESSAGE_SEVERITY },
        sourceName: { dataType: 'String', value: 'Controller' },
      });
    },
    close: async () => {
      load?.cancel();
      tank.stop();
      await server.shutdown(0);
    },
  };
}

/** Adds the objects of the station, which forward events to their parents. */
function addStation(root: { readonly server: unknown }, namespace: Namespace) {
  const station = namespace.addObject({
    browseName: 'Station',
    nodeId: 's=Station',
    displayName: 'Filling station',
    organizedBy: root as never,
    notifierOf: root.server as never,
    eventNotifier: SUBSCRIBE_TO_EVENTS,
  });
  const objects = new Map<string, Folder>(
    OBJECTS.map((name) => [
      name,
      namespace.addObject({
        browseName: name,
        nodeId: `s=${name}`,
        componentOf: station,
        eventSourceOf: station,
        eventNotifier: SUBSCRIBE_TO_EVENTS,
      }),
    ]),
  );
  return { station, objects };
}
