import { MAX_NAMES, MAX_TEXT, MAX_TYPE_DEPTH } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import type { ValueRange, VariableFacts } from '../plc-session.ts';
import { SCALAR_TYPES, scalarOf } from '../values/scalars.ts';
import { browseAll, translate } from './browsing.ts';
import { ATTRIBUTES, type ReceivedValue, readAttributes, scalarIn } from './readings.ts';

/** CurrentWrite of an access level (OPC 10000-3, 8.57). */
const CURRENT_WRITE = 2;
/** Value ranks of a scalar (OPC 10000-3, 5.6.2): -1, and -2 and -3 if both are possible. */
const SCALAR_RANKS: ReadonlySet<unknown> = new Set([-1, -2, -3]);
/** Enumerations are encoded as Int32 (OPC 10000-6, 5.2.4). */
const ENUMERATION = 'i=29';
/** Number, Integer, UInteger and BaseDataType: only the value of a variable shows its concrete type. */
const ABSTRACT: ReadonlySet<string> = new Set(['i=24', 'i=26', 'i=27', 'i=28']);
const HAS_SUBTYPE = 'i=45';
const INT64 = 8;

/** Built-in types of a session's data types, by node id; `undefined` for non-scalar types. */
export class BuiltInTypes {
  readonly #session: SessionChannel;
  readonly #known = new Map<string, Promise<string | undefined>>();
  readonly #names = new Map<string, Promise<ReadonlyMap<number, string> | undefined>>();

  constructor(session: SessionChannel) {
    this.#session = session;
  }

  /** Returns `abstract` if only the value shows the type. */
  of(dataType: string): Promise<string | undefined> {
    const known = this.#known.get(dataType) ?? this.#find(dataType);
    this.#known.set(dataType, known);
    return known;
  }

  /** Returns the names of an enumeration's values; `undefined` if the type is not an enumeration. */
  namesOf(dataType: string): Promise<ReadonlyMap<number, string> | undefined> {
    if (dataType === 'i=6') return Promise.resolve(undefined);
    const known = this.#names.get(dataType) ?? this.#readNames(dataType);
    this.#names.set(dataType, known);
    return known;
  }

  async #readNames(dataType: string): Promise<ReadonlyMap<number, string> | undefined> {
    const [names = []] = await propertiesOf(this.#session, [dataType], ['EnumStrings', 'EnumValues']);
    return namesIn(names);
  }

  async #find(dataType: string): Promise<string | undefined> {
    let current = dataType;
    for (let depth = 0; depth < MAX_TYPE_DEPTH; depth++) {
      if (current === ENUMERATION) return 'Int32';
      if (ABSTRACT.has(current)) return 'abstract';
      const [, number] = /^i=(\d{1,2})$/.exec(current) ?? [];
      if (number !== undefined && Number(number) <= 25) return SCALAR_TYPES.get(Number(number));
      const [parent] = await browseAll(this.#session, {
        nodeId: current,
        references: HAS_SUBTYPE,
        isInverse: true,
        limit: 1,
      });
      if (parent === undefined) return undefined;
      current = parent.nodeId;
    }
    return undefined;
  }
}

/** Returns the built-in types of variables; for an abstract type, that of the current value. */
export async function typesOf(
  session: SessionChannel,
  types: BuiltInTypes,
  nodeIds: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const [dataTypes, ranks] = await attributesOf(session, nodeIds, ['dataType', 'valueRank']);
  const found: (string | undefined)[] = [];
  for (const [index, dataType] of dataTypes!.entries()) {
    const id = scalarIn(dataType);
    const isScalar = SCALAR_RANKS.has(scalarIn(ranks![index]!));
    found.push(isScalar && typeof id === 'string' ? await types.of(id) : undefined);
  }
  const open = nodeIds.filter((_, index) => found[index] === 'abstract');
  if (open.length === 0) return found;
  const values = await readAttributes(
    session,
    open.map((nodeId) => ({ nodeId, attribute: ATTRIBUTES.value })),
  );
  const valueTypes = new Map(open.map((nodeId, index) => [nodeId, typeInValue(values[index]!)]));
  return found.map((type, index) => (type === 'abstract' ? valueTypes.get(nodeIds[index]!) : type));
}

/** Properties that describe the values of variables: unit and range (OPC 10000-8, 5.6), names (OPC 10000-8, 5.3.3). */
const PROPERTIES = ['EngineeringUnits', 'EURange', 'EnumStrings', 'EnumValues'] as const;

/** Describes variables, including their units, ranges and names. */
export async function describeVariables(
  session: SessionChannel,
  types: BuiltInTypes,
  nodeIds: readonly string[],
): Promise<readonly VariableFacts[]> {
  const builtIn = await typesOf(session, types, nodeIds);
  const [levels, dataTypes] = await attributesOf(session, nodeIds, ['userAccessLevel', 'dataType']);
  const properties = await propertiesOf(session, nodeIds, PROPERTIES);
  const described: VariableFacts[] = [];
  for (const [index, type] of builtIn.entries()) {
    const [unit, range, ...names] = properties[index]!;
    const dataType = scalarIn(dataTypes![index]!);
    const named =
      namesIn(names) ?? (type === 'Int32' && typeof dataType === 'string' ? await types.namesOf(dataType) : undefined);
    const within = rangeIn(range);
    described.push({
      type,
      unit: unit && unitIn(unit),
      ...(within && { range: within }),
      ...(named && { names: named }),
      isWritable: (Number(scalarIn(levels![index]!) ?? 0) & CURRENT_WRITE) !== 0,
    });
  }
  return described;
}

/** Reads properties of nodes by their browse names in namespace 0; `undefined` if a node lacks one. */
async function propertiesOf(
  session: SessionChannel,
  nodeIds: readonly string[],
  names: readonly string[],
): Promise<readonly (readonly (ReceivedValue | undefined)[])[]> {
  const paths = nodeIds.flatMap((nodeId) => names.map((name) => ({ nodeId, path: [name] })));
  const ids = await translate(session, paths);
  const found = ids.filter((id) => id !== undefined);
  const values = await readAttributes(
    session,
    found.map((nodeId) => ({ nodeId, attribute: ATTRIBUTES.value })),
  );
  const readOf = new Map(found.map((id, index) => [id, values[index]!]));
  return nodeIds.map((_, index) => names.map((__, at) => readOf.get(ids[index * names.length + at] ?? '')));
}

/** Reads several attributes of the same nodes: one list of values per attribute. */
async function attributesOf(
  session: SessionChannel,
  nodeIds: readonly string[],
  names: readonly (keyof typeof ATTRIBUTES)[],
): Promise<readonly (readonly ReceivedValue[])[]> {
  const items = names.flatMap((name) => nodeIds.map((nodeId) => ({ nodeId, attribute: ATTRIBUTES[name] })));
  const values = await readAttributes(session, items);
  return names.map((_, index) => values.slice(index * nodeIds.length, (index + 1) * nodeIds.length));
}

function typeInValue({ value }: ReceivedValue): string | undefined {
  return value && (value.arrayType ?? 0) === 0 ? SCALAR_TYPES.get(value.dataType) : undefined;
}

function unitIn({ value }: ReceivedValue): string | undefined {
  const unit = value?.value as { displayName?: { text?: unknown } } | undefined;
  const text = unit?.displayName?.text;
  return typeof text === 'string' && text !== '' ? text.slice(0, MAX_TEXT) : undefined;
}

/** Returns a non-empty range: servers report an empty one if none is set. */
function rangeIn(read: ReceivedValue | undefined): ValueRange | undefined {
  const { low, high } = (read?.value?.value ?? {}) as Partial<ValueRange>;
  const isRange = Number.isFinite(low) && Number.isFinite(high) && low! < high!;
  return isRange ? { low: low!, high: high! } : undefined;
}

/** Returns the names in EnumStrings, by position, or in EnumValues, by value (OPC 10000-3, 5.8.2). */
function namesIn(reads: readonly (ReceivedValue | undefined)[]): ReadonlyMap<number, string> | undefined {
  const list = reads.map((read) => read?.value?.value).find((value) => Array.isArray(value));
  if (list === undefined) return undefined;
  const names = (list as readonly EnumEntry[]).slice(0, MAX_NAMES).flatMap((entry, at) => {
    const number = entry?.value === undefined ? at : scalarOf({ dataType: INT64, value: entry.value });
    const text = entry?.displayName?.text ?? entry?.text;
    return text && typeof number === 'number' ? [[number, text.slice(0, MAX_TEXT)] as const] : [];
  });
  return new Map(names);
}

interface EnumEntry {
  readonly text?: string | null;
  readonly value?: readonly [upper: number, lower: number];
  readonly displayName?: { readonly text?: string | null };
}
