import { LOW_LEVEL_MM } from './pump-status.ts';
import type { Tank } from './tank.ts';
import type { TankFaults } from './tank-faults.ts';

/** Limits of the pressure, in bar, and of the level, in millimetres. */
export const PRESSURE_LIMITS = { high: 3.5, highHigh: 5 } as const;
export const LEVEL_LIMITS = { lowLow: 30, low: LOW_LEVEL_MM, high: 900, highHigh: 970 } as const;
/** Hysteresis as a share of the limit: a value that oscillates around its limit causes one alarm. */
const HYSTERESIS = 0.04;

export type TankAlarmName = 'Overpressure' | 'Level' | 'PumpOverload' | 'DriveTrip';

export const TANK_ALARM_NAMES: readonly TankAlarmName[] = ['Overpressure', 'Level', 'PumpOverload', 'DriveTrip'];

/** State of an active alarm. */
export interface AlarmState {
  /** The exceeded limit. */
  readonly limit?: 'HighHigh' | 'High' | 'Low' | 'LowLow';
  /** 1 to 1000 (OPC 10000-5, 6.4.2). */
  readonly severity: number;
  readonly message: string;
  /** Additional detail of the controller. */
  readonly detail: string;
}

/** Alarms that are active, by name. */
export type ActiveAlarms = ReadonlyMap<TankAlarmName, AlarmState>;

/** Returns the active alarms of this tank, given the previous ones. */
export function alarmsOf(tank: Tank, faults: TankFaults, before: ActiveAlarms): ActiveAlarms {
  const found: [TankAlarmName, AlarmState | undefined][] = [
    ['Overpressure', pressureAlarm(tank.pressureBar, before.get('Overpressure'))],
    ['Level', levelAlarm(tank.levelMm, before.get('Level'))],
    [
      'PumpOverload',
      faults.pumpOverload
        ? { severity: 700, message: 'Motor protection of the pump has tripped', detail: 'MS1' }
        : undefined,
    ],
    [
      'DriveTrip',
      faults.vfdFault === 0
        ? undefined
        : {
            severity: 550,
            message: `Drive of the pump has tripped with code ${faults.vfdFault}`,
            detail: `F${faults.vfdFault}`,
          },
    ],
  ];
  return new Map(found.flatMap(([name, state]) => (state === undefined ? [] : [[name, state] as const])));
}

function pressureAlarm(bar: number, before: AlarmState | undefined): AlarmState | undefined {
  const { high, highHigh } = PRESSURE_LIMITS;
  if (isAbove(bar, highHigh, before?.limit === 'HighHigh')) {
    return { limit: 'HighHigh', severity: 900, message: `Tank pressure above ${highHigh} bar`, detail: 'PT1' };
  }
  return isAbove(bar, high, before?.limit === 'High')
    ? { limit: 'High', severity: 600, message: `Tank pressure above ${high} bar`, detail: 'PT1' }
    : undefined;
}

function levelAlarm(mm: number, before: AlarmState | undefined): AlarmState | undefined {
  const { lowLow, low, high, highHigh } = LEVEL_LIMITS;
  const state = (limit: AlarmState['limit'], severity: number, limitText: string): AlarmState => ({
    ...(limit !== undefined && { limit }),
    severity,
    message: `Tank level ${limitText} mm`,
    detail: 'LT1',
  });
  if (isAbove(mm, highHigh, before?.limit === 'HighHigh')) return state('HighHigh', 650, `above ${highHigh}`);
  if (isAbove(mm, high, before?.limit === 'High')) return state('High', 400, `above ${high}`);
  if (isBelow(mm, lowLow, before?.limit === 'LowLow')) return state('LowLow', 650, `below ${lowLow}`);
  return isBelow(mm, low, before?.limit === 'Low') ? state('Low', 400, `below ${low}`) : undefined;
}

function isAbove(value: number, limit: number, was: boolean): boolean {
  return value > (was ? limit * (1 - HYSTERESIS) : limit);
}

function isBelow(value: number, limit: number, was: boolean): boolean {
  return value < (was ? limit * (1 + HYSTERESIS) : limit);
}
