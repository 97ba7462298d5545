import type { OpcuaLibrary } from '../opcua-library.ts';
import type { PlcQuality } from '../plc-reading.ts';

/**
 * Names by the upper half of a status code; the lower half contains only additional information (OPC 10000-4, 7.39).
 */
let names: Map<number, string> | undefined;

/** Returns the name of a status code, such as `BadNodeIdUnknown`; its number if it is unknown. */
export function statusName({ StatusCodes }: OpcuaLibrary, value: number): string {
  names ??= namesOf(StatusCodes);
  return names.get(value >>> 16) ?? `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}

/** Replaces the numbers of bad status codes in a text of the library by their names. */
export function withStatusNames(library: OpcuaLibrary, text: string): string {
  return text.replace(/0x(8[0-9a-f]{3})[0-9a-f]{4}\b/gi, (number) => statusName(library, Number(number)));
}

export function qualityOf(value: number): PlcQuality {
  const severity = value >>> 30;
  if (severity === 0) return 'good';
  return severity === 1 ? 'uncertain' : 'bad';
}

function namesOf(codes: object): Map<number, string> {
  const found = new Map<number, string>();
  for (const [name, code] of Object.entries(codes) as readonly [string, { readonly value?: number }][]) {
    if (typeof code?.value === 'number' && !found.has(code.value >>> 16)) found.set(code.value >>> 16, name);
  }
  return found;
}
