import type { TankFaults } from './tank-faults.ts';

/** The tank of a filling station and what is around it, at one moment. */
export interface Tank {
  readonly levelMm: number;
  readonly temperatureC: number;
  /** Above that of the air. */
  readonly pressureBar: number;
  /** How fast the pump turns, and how far the valve to the robot is open: 0 to 100. */
  readonly pumpPercent: number;
  readonly valvePercent: number;
  /** Litres a minute into the tank, and out of it. */
  readonly inflowLpm: number;
  readonly outflowLpm: number;
  readonly heaterOn: boolean;
  /** Litres that went into it since it was built: a counter of 64 bits. */
  readonly filledMl: bigint;
}

/** What somebody asked of it. */
export interface TankCommands {
  readonly pumpOn: boolean;
  readonly pumpSetpointPercent: number;
  readonly valveSetpointPercent: number;
  /** It fills up to here and stops the pump then; absent while it fills by hand. */
  readonly targetMm?: number | undefined;
}

export const TANK_HEIGHT_MM = 1000;
/** A round tank of 60 cm: a millimetre of it is a bit more than a quarter of a litre. */
const LITRES_PER_MM = 0.283;
const FULL_INFLOW_LPM = 60;
const FULL_OUTFLOW_LPM = 45;
/** A leak as wide as a finger. */
const LEAK_LPM = 20;
/** What a pump and a valve change in a second, in per cent: neither jumps. */
const PUMP_RAMP = 25;
const VALVE_RAMP = 40;
const AMBIENT_C = 21;
const HEATER_ON_BELOW_C = 38;
const HEATER_OFF_ABOVE_C = 42;
/** By the heater and to the surroundings, in a second. */
const HEATING_C = 0.4;
const COOLING_SHARE = 0.004;
/** A second moves the pressure by this share of what it lacks. */
const PRESSURE_SHARE = 0.6;
/** What a closed way out adds where the pump runs on: more than the high-high limit. */
const BLOCKED_BAR = 5;

/** As it is when its controller starts. */
export const TANK_AT_START: Tank = {
  levelMm: 600,
  temperatureC: 40,
  pressureBar: 1.2,
  pumpPercent: 0,
  valvePercent: 0,
  inflowLpm: 0,
  outflowLpm: 0,
  heaterOn: false,
  filledMl: 9_007_199_254_740_993n,
};

/** The tank after `seconds` with these commands; a mechanic of broken parts is in `faults`. */
export function stepTank(tank: Tank, commands: TankCommands, faults: TankFaults, seconds: number): Tank {
  const turns = commands.pumpOn && !faults.pumpOverload && faults.vfdFault === 0;
  const pumpPercent = approach(tank.pumpPercent, turns ? commands.pumpSetpointPercent : 0, PUMP_RAMP * seconds);
  const valvePercent = approach(tank.valvePercent, commands.valveSetpointPercent, VALVE_RAMP * seconds);
  const filter = faults.filterDirty ? 0.5 : 1;
  const inflowLpm = tank.levelMm < TANK_HEIGHT_MM ? (pumpPercent / 100) * FULL_INFLOW_LPM * filter : 0;
  const leak = faults.leak ? LEAK_LPM : 0;
  const outflowLpm = tank.levelMm > 0 ? (valvePercent / 100) * FULL_OUTFLOW_LPM + leak : 0;
  const change = ((inflowLpm - outflowLpm) / 60 / LITRES_PER_MM) * seconds;
  const levelMm = Math.min(TANK_HEIGHT_MM, Math.max(0, tank.levelMm + change));
  const heaterOn = tank.temperatureC < (tank.heaterOn ? HEATER_OFF_ABOVE_C : HEATER_ON_BELOW_C) && levelMm > 100;
  const heat = heaterOn ? HEATING_C * seconds : 0;
  const cooling = (tank.temperatureC - AMBIENT_C) * COOLING_SHARE * seconds;
  const restsAt = 0.6 + levelMm / TANK_HEIGHT_MM + pumpPercent / 100 + (faults.overpressure ? BLOCKED_BAR : 0);
  return {
    levelMm,
    temperatureC: tank.temperatureC + heat - cooling,
    pressureBar: tank.pressureBar + (restsAt - tank.pressureBar) * Math.min(1, PRESSURE_SHARE * seconds),
    pumpPercent,
    valvePercent,
    inflowLpm,
    outflowLpm,
    heaterOn,
    filledMl: tank.filledMl + BigInt(Math.round((inflowLpm / 60) * seconds * 1000)),
  };
}

/** Seconds that the pump takes from one level to another one at its setpoint; infinite where it does not get there. */
export function secondsToFill(tank: Tank, commands: TankCommands, targetMm: number): number {
  const gain = ((commands.pumpSetpointPercent / 100) * FULL_INFLOW_LPM) / 60 / LITRES_PER_MM;
  return gain > 0 ? Math.max(0, targetMm - tank.levelMm) / gain : Number.POSITIVE_INFINITY;
}

function approach(from: number, to: number, most: number): number {
  return from + Math.min(most, Math.max(-most, to - from));
}
