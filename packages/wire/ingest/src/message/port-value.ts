import type { PortType } from '../declaration/declaration.ts';
import { VALUE_BYTES } from './layout.ts';

const value = new Uint8Array(VALUE_BYTES);
const view = new DataView(value.buffer);

/**
 * Returns the value of port number `at` in a state's ports, counted from 0 in the order of the declaration. An int64 is
 * a bigint. Throws a `RangeError` if there is no such port.
 */
export function portValue(ports: Uint8Array, at: number, type: PortType): number | bigint | boolean {
  const first = at * VALUE_BYTES;
  if (!(at >= 0) || first + VALUE_BYTES > ports.length) throw new RangeError(`there is no port ${at} in this state`);
  for (let index = 0; index < VALUE_BYTES; index += 1) value[index] = ports[first + index]!;
  if (type === 'float64') return view.getFloat64(0, true);
  const integer = view.getBigInt64(0, true);
  return type === 'bool' ? integer !== 0n : integer;
}

/**
 * Writes the value of a port at an offset in octets. Throws if the value does not fit the type, such as a fraction for
 * an int64.
 */
export function writePortValue(
  into: DataView,
  offset: number,
  type: PortType,
  content: number | bigint | boolean,
): void {
  if (type === 'float64') into.setFloat64(offset, Number(content), true);
  else into.setBigInt64(offset, BigInt(type === 'bool' ? Boolean(content) : content), true);
}
