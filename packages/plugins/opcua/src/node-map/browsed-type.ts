import type { MappedType } from './node-map.ts';

/** Built-in types (OPC 10000-6, 5.1.2) that data points can have. */
const TYPES: ReadonlyMap<string, MappedType> = new Map([
  ['Boolean', 'bool'],
  ...['SByte', 'Byte', 'Int16', 'UInt16', 'Int32', 'UInt32', 'Int64', 'UInt64'].map((name) => [name, 'int'] as const),
  ['Float', 'float'],
  ['Double', 'float'],
  ['String', 'string'],
  ['DateTime', 'string'],
]);

/** Returns how a variable of this built-in type is represented; non-scalar types are represented as JSON. */
export function mappedTypeOf(builtIn: string | undefined): MappedType {
  return TYPES.get(builtIn ?? '') ?? (builtIn === undefined ? 'json' : 'string');
}
