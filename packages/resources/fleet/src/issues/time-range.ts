import { FleetInvalid } from '../fleet-refused.ts';

/** Returns the milliseconds since 1970 of a time of a query; `undefined` if absent. Throws `FleetInvalid`. */
export function timeIn(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new FleetInvalid(`${name}: "${text}" is not a time such as 2026-11-27T08:00:00Z`);
  return ms;
}
