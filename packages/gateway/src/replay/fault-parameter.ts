import { FAULT_SETTINGS, type FaultConfiguration, readFaultConfiguration } from '@medkit/faults';
import { ConfigRefused } from '../config/assignment.ts';

export const isFaultParameter = (key: string): key is keyof FaultConfiguration => Object.hasOwn(FAULT_SETTINGS, key);

/**
 * Reads the text of one parameter of the fault manager as the parameter file would. Throws `ConfigRefused` or
 * `DocumentRefused` for a value that would be replaced.
 * @param origin where the text comes from, for errors
 */
export function readFaultParameter<Key extends keyof FaultConfiguration>(
  key: Key,
  text: string,
  origin: string,
): FaultConfiguration[Key] {
  const value = FAULT_SETTINGS[key].type === 'text' ? JSON.stringify(text) : text.trim();
  if (/[\r\n]/.test(value)) throw new ConfigRefused([`${origin}: the value must be one line`]);
  const { configuration, notices } = readFaultConfiguration(
    `fault_manager:\n  ros__parameters:\n    ${key}: ${value}\n`,
    origin,
  );
  if (notices.length > 0) throw new ConfigRefused(notices.map((notice) => notice.text));
  return configuration[key];
}
