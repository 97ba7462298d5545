import { type Static, Type } from 'typebox';
import type { Battery } from '../robot/robot-state.ts';
import { optionalNumber } from './field-types.ts';
import { finite } from './numbers.ts';
import { present } from './present.ts';

/** What both versions tell alike of a battery; each has a word of its own for its charge. */
export const batteryFields = { batteryVoltage: optionalNumber, charging: Type.Boolean() };
const BatteryMessage = Type.Object(batteryFields);

/** From 0 to 100: what measures a charge is sometimes a little beyond. */
const percentage = (value: number): number => Math.min(100, Math.max(0, value));

/** Throws a `RangeError` where it is no number: every state has one. */
export const encodeCharge = ({ chargePercent }: Battery): number => percentage(finite(chargePercent, 'the charge'));

/** Its voltage is left out where it is no number. */
export const encodeBattery = ({ voltageV, charging }: Battery): Static<typeof BatteryMessage> => ({
  batteryVoltage: Number.isFinite(voltageV) ? voltageV : undefined,
  charging,
});

export const decodeBattery = (charge: number, { batteryVoltage, charging }: Static<typeof BatteryMessage>): Battery =>
  present({ chargePercent: percentage(charge), charging, voltageV: batteryVoltage });
