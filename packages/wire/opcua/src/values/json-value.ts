import type { JsonValue } from '@medkit/core';
import { MAX_TEXT } from '../bounds.ts';
import { textOf } from './node-ids.ts';
import { type ReceivedVariant, SCALAR_TYPES, scalarOf } from './scalars.ts';

/**
 * Maximum elements of a displayed value, including nested arrays and structures: a sensor curve has several thousand.
 */
const MAX_PARTS = 4096;
/** Maximum bytes of a displayed ByteString. */
const MAX_OCTETS = 65_536;
/** Maximum nesting of arrays and structures. */
const MAX_DEPTH = 16;

/** A value as JSON, or the reason why it is not shown. */
export interface JsonConversion {
  readonly value: JsonValue | undefined;
  readonly unshown?: string;
}

/** Why a value is not shown; the reason is for users. */
class Unshown extends Error {}

/** Built-in types that are not represented as scalars (OPC 10000-6, 5.1.2). */
const BYTE_STRING = 15;
const XML_ELEMENT = 16;
const EXPANDED_NODE_ID = 18;
const EXTENSION_OBJECT = 22;
const DATA_VALUE = 23;
const VARIANT = 24;
const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [BYTE_STRING, 'ByteString'],
  [XML_ELEMENT, 'XmlElement'],
  [EXPANDED_NODE_ID, 'ExpandedNodeId'],
  [EXTENSION_OBJECT, 'Structure'],
  [DATA_VALUE, 'DataValue'],
  [VARIANT, 'Variant'],
  [25, 'DiagnosticInfo'],
]);
/** Numbers of built-in types by the names used in structure fields; the library uses two additional names. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...[...SCALAR_TYPES, ...OTHER_TYPES].map(([number, name]) => [name, number] as const),
  ...([
    ['UAString', 12],
    ['CharArray', 12],
    ['UtcTime', 13],
  ] as const),
]);

/** Converts a value to JSON: scalars unchanged, arrays and structures as JSON, bytes as base64. */
export function toJsonValue(variant: ReceivedVariant): JsonConversion {
  const { dataType, arrayType = 0 } = variant;
  if (arrayType === 0 && SCALAR_TYPES.has(dataType)) return { value: scalarOf(variant) };
  if (dataType === 0) return { value: undefined, unshown: 'the PLC reports no value (Null)' };
  try {
    return { value: jsonOf(variant, { left: MAX_PARTS }, 0) };
  } catch (error) {
    if (!(error instanceof Unshown)) throw error;
    const type = SCALAR_TYPES.get(dataType) ?? OTHER_TYPES.get(dataType) ?? `built-in type ${dataType}`;
    const what = arrayType === 0 ? `a value of the type ${type}` : `an array of ${type}`;
    return { value: undefined, unshown: `cannot show ${what}: ${error.message}` };
  }
}

interface Budget {
  left: number;
}

function jsonOf(
  { dataType, arrayType = 0, value, dimensions }: ReceivedVariant,
  budget: Budget,
  depth: number,
): JsonValue {
  if (arrayType === 0) return partOf(dataType, value, budget, depth);
  const parts = listOf(value, budget).map((each) => partOf(dataType, each, budget, depth + 1));
  return dimensions && dimensions.length > 1 ? matrixOf(parts, dimensions) : parts;
}

/** Nests the values of a matrix into rows: the library stores them in one array, last dimension first. */
function matrixOf(parts: readonly JsonValue[], dimensions: readonly number[]): JsonValue {
  const sizes = dimensions.slice(1).toReversed();
  const isWhole = dimensions.reduce((product, size) => product * size, 1) === parts.length;
  if (!isWhole || sizes.includes(0)) return parts;
  return sizes.reduce<readonly JsonValue[]>(
    (rows, size) => Array.from({ length: rows.length / size }, (_, at) => rows.slice(at * size, (at + 1) * size)),
    parts,
  );
}

function partOf(dataType: number, value: unknown, budget: Budget, depth: number): JsonValue {
  if (budget.left-- <= 0) throw new Unshown(`it has more than ${MAX_PARTS} parts`);
  if (depth > MAX_DEPTH) throw new Unshown(`it is more than ${MAX_DEPTH} levels deep`);
  if (value === null || value === undefined) return null;
  if (SCALAR_TYPES.has(dataType)) return scalarOf({ dataType, value }) ?? null;
  switch (dataType) {
    case BYTE_STRING:
      return base64Of(value);
    case XML_ELEMENT:
      return String(value).slice(0, MAX_TEXT);
    case EXPANDED_NODE_ID:
      return textOf(value as never) ?? null;
    case VARIANT:
      return jsonOf(value as ReceivedVariant, budget, depth + 1);
    case DATA_VALUE: {
      const { value: variant } = value as { readonly value?: ReceivedVariant | null };
      return variant ? jsonOf(variant, budget, depth + 1) : null;
    }
    case EXTENSION_OBJECT:
      return structureOf(value as object, budget, depth + 1);
    default:
      throw new Unshown('this type has no JSON representation');
  }
}

/** Converts the fields of a structure that the library decoded, by name. */
function structureOf(structure: object, budget: Budget, depth: number): JsonValue {
  const types = fieldTypesOf(structure);
  if (types === undefined) throw new Unshown('the server does not describe its structure');
  const fields = Object.entries(structure).filter(([name]) => types.has(name));
  return Object.fromEntries(fields.map(([name, value]) => [name, fieldOf(types.get(name)!, value, budget, depth)]));
}

function fieldOf(type: string, value: unknown, budget: Budget, depth: number): JsonValue {
  const number = NUMBERS.get(type);
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !Buffer.isBuffer(value));
  // A 64-bit integer is itself an array of two halves.
  const isHalves = (number === 8 || number === 9) && isList && typeof (value as readonly unknown[])[0] === 'number';
  if (isList && !isHalves) {
    return listOf(value, budget).map((each) => fieldOf(type, each, budget, depth + 1));
  }
  if (number !== undefined) return partOf(number, value, budget, depth);
  if (typeof value === 'number') return partOf(6, value, budget, depth);
  if (typeof value === 'object' && value !== null) return partOf(EXTENSION_OBJECT, value, budget, depth);
  return null;
}

interface StructureSchema {
  readonly fields?: readonly { readonly name: string; readonly fieldType: string }[];
}

/** Returns the field types of a structure and its base types; `undefined` if the library does not know it. */
function fieldTypesOf(structure: object): ReadonlyMap<string, string> | undefined {
  const types = new Map<string, string>();
  let isKnown = false;
  for (let level = Object.getPrototypeOf(structure); level !== null; level = Object.getPrototypeOf(level)) {
    const schema = (level as { constructor?: { schema?: StructureSchema } }).constructor?.schema;
    isKnown ||= (schema?.fields?.length ?? 0) > 0;
    for (const { name, fieldType } of schema?.fields ?? []) if (!types.has(name)) types.set(name, fieldType);
  }
  return isKnown ? types : undefined;
}

function listOf(value: unknown, { left }: Budget): readonly unknown[] {
  const list = value as ArrayLike<unknown> | null | undefined;
  const length = list?.length ?? 0;
  if (length > left) throw new Unshown(`it has ${length} parts, more than the maximum of ${MAX_PARTS}`);
  return Array.from(list ?? []);
}

function base64Of(value: unknown): string {
  const octets = Buffer.from(value as Uint8Array);
  if (octets.length <= MAX_OCTETS) return octets.toString('base64');
  throw new Unshown(`it has ${octets.length} bytes, more than the maximum of ${MAX_OCTETS}`);
}
