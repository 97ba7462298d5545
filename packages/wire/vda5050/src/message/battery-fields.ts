import { type Static, Type } from 'typebox';
import type { Battery } from '../robot/robot-state.ts';
import { optionalNumber } from './field-types.ts';
import { finite } from './numbers.ts';
import { omitEmpty } from './omit-empty.ts';

/** Battery fields that both versions share; the name of the charge differs. */
export const batteryFields = { batteryVoltage: optionalNumber, charging: Type.Boolean() };
const BatteryMessage = Type.Object(batteryFields);

/** Limits a charge to 0 to 100: measured values are sometimes slightly outside. */
const percentage = (value: number): number => Math.min(100, Math.max(0, value));

/** Throws a `RangeError` if the charge is not finite: every state contains it. */
export const encodeCharge = ({ chargePercent }: Battery): number => percentage(finite(chargePercent, 'the charge'));

/** The voltage is omitted if it is not finite. */
export const encodeBattery = ({ voltageV, charging }: Battery): Static<typeof BatteryMessage> => ({
  batteryVoltage: Number.isFinite(voltageV) ? voltageV : undefined,
  charging,
});

export const decodeBattery = (charge: number, { batteryVoltage, charging }: Static<typeof BatteryMessage>): Battery =>
  omitEmpty({ chargePercent: percentage(charge), charging, voltageV: batteryVoltage });
