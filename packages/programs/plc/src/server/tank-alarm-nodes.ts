import type { RunningTank } from '../tank/running-tank.ts';
import {
  type ActiveAlarms,
  type AlarmState,
  LEVEL_LIMITS,
  PRESSURE_LIMITS,
  TANK_ALARM_NAMES,
  type TankAlarmName,
} from '../tank/tank-alarms.ts';
import type { Alarm, Folder, Library, Namespace } from './library.ts';
import { type PlcAlarm, plcAlarm } from './plc-alarm.ts';
import type { TankVariables } from './tank-variables.ts';

/** The native alarms of the controller (OPC 10000-9). */
export interface TankAlarmNodes {
  /** Activates and deactivates alarms according to the tank. */
  update(): void;
  alarm(name: TankAlarmName): PlcAlarm;
}

/** Optional features of an alarm: confirmation and shelving. */
const OPTIONALS = ['ConfirmedState', 'Confirm', 'ShelvingState', 'EffectiveDisplayName'];
/** Maximum shelving time: 1 hour. */
const MAX_SHELVED_MS = 3_600_000;

/** Adds the alarms of the tank. */
export function addTankAlarms(
  library: Library,
  namespace: Namespace,
  objects: ReadonlyMap<string, Folder>,
  variables: TankVariables,
  tank: RunningTank,
): TankAlarmNodes {
  const options = (name: TankAlarmName, source: string, input: string) => {
    const object = objects.get(source);
    const variable = variables.variable(input);
    if (object === undefined || variable === undefined)
      throw new Error(`the alarm ${name} has no ${source} or ${input}`);
    return {
      browseName: name,
      conditionName: name,
      nodeId: `s=Alarms.${name}`,
      conditionSource: object,
      // Only the node id: the controller evaluates its alarms itself, because they depend on more than the value.
      inputNode: variable.nodeId,
      optionals: [...OPTIONALS],
      maxTimeShelved: MAX_SHELVED_MS,
    };
  };
  const pressureType = withDetail(namespace, 'TankPressureAlarmType', 'ExclusiveLimitAlarmType');
  const nodes: Readonly<Record<TankAlarmName, unknown>> = {
    Overpressure: namespace.instantiateExclusiveLimitAlarm(pressureType, {
      ...options('Overpressure', 'Tank', 'Tank.Pressure'),
      highLimit: PRESSURE_LIMITS.high,
      highHighLimit: PRESSURE_LIMITS.highHigh,
      lowLimit: -1,
    }),
    Level: namespace.instantiateNonExclusiveLimitAlarm('NonExclusiveLimitAlarmType', {
      ...options('Level', 'Tank', 'Tank.Level'),
      lowLowLimit: LEVEL_LIMITS.lowLow,
      lowLimit: LEVEL_LIMITS.low,
      highLimit: LEVEL_LIMITS.high,
      highHighLimit: LEVEL_LIMITS.highHigh,
    }),
    PumpOverload: namespace.instantiateOffNormalAlarm({
      ...options('PumpOverload', 'Pump', 'Pump.Ready'),
      normalState: variables.variable('Pump.ReadyNormally')?.nodeId ?? null,
    }),
    DriveTrip: namespace.instantiateDiscreteAlarm('DiscreteAlarmType', options('DriveTrip', 'Vfd', 'Vfd.FaultCode')),
  };
  const alarms = new Map(
    TANK_ALARM_NAMES.map((name) => [name, plcAlarm(library, nodes[name] as Alarm, SOURCE_NAMES[name], DEFAULTS[name])]),
  );
  const alarmOf = (name: TankAlarmName): PlcAlarm => alarms.get(name) as PlcAlarm;
  let active: ActiveAlarms = new Map();
  return {
    alarm: alarmOf,
    update: () => {
      const now = tank.alarms;
      for (const name of TANK_ALARM_NAMES) {
        const before = active.get(name);
        const state = now.get(name);
        if (state !== undefined && state.limit === before?.limit && before !== undefined) continue;
        if (state !== undefined) alarmOf(name).activate(state);
        else if (before !== undefined) alarmOf(name).deactivate();
      }
      active = now;
    },
  };
}

/** Source names. One is missing, because some controllers send alarms without a source name. */
const SOURCE_NAMES: Readonly<Record<TankAlarmName, string | null>> = {
  Overpressure: 'Tank',
  Level: 'Tank',
  PumpOverload: 'Pump',
  DriveTrip: null,
};

/** State of an alarm that a test activates without a cause in the tank. */
const DEFAULTS: Readonly<Record<TankAlarmName, AlarmState>> = {
  Overpressure: { limit: 'HighHigh', severity: 900, message: 'Tank pressure above 5 bar', detail: 'PT1' },
  Level: { limit: 'Low', severity: 400, message: 'Tank level below 100 mm', detail: 'LT1' },
  PumpOverload: { severity: 700, message: 'Motor protection of the pump has tripped', detail: 'MS1' },
  DriveTrip: { severity: 550, message: 'Drive of the pump has tripped with code 11', detail: 'F11' },
};

/** Adds an alarm type with an additional value in each event, as controllers define them. */
function withDetail(namespace: Namespace, browseName: string, subtypeOf: string) {
  const type = namespace.addEventType({ browseName, subtypeOf, isAbstract: false });
  namespace.addVariable({
    browseName: 'SD_1',
    dataType: 'String',
    propertyOf: type,
    modellingRule: 'Mandatory',
  });
  return type;
}
