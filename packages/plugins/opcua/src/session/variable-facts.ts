import { MAX_TEXT, MAX_TYPE_DEPTH } from './bounds.ts';
import { browseAll, translate } from './browsing.ts';
import type { VariableFacts } from './plc-session.ts';
import { ATTRIBUTES, type ReceivedValue, readAttributes, scalarIn } from './readings.ts';
import { SCALAR_TYPES } from './scalars.ts';
import type { SessionChannel } from './session-channel.ts';

/** CurrentWrite of an access level (OPC 10000-3, 8.57). */
const CURRENT_WRITE = 2;
/** A variable is a scalar, or may be one (OPC 10000-3, 5.6.2): -1, and -2 and -3 where that is open. */
const SCALAR_RANKS: ReadonlySet<unknown> = new Set([-1, -2, -3]);
/** Enumerations are sent as Int32 (OPC 10000-6, 5.2.4). */
const ENUMERATION = 'i=29';
/** Number, Integer and UInteger, BaseDataType: which of their types a variable has shows in its value alone. */
const ABSTRACT: ReadonlySet<string> = new Set(['i=24', 'i=26', 'i=27', 'i=28']);
const HAS_SUBTYPE = 'i=45';

/** Names of the built-in types of one session's data types, by their node ids; undefined for what is no scalar. */
export class BuiltInTypes {
  readonly #session: SessionChannel;
  readonly #known = new Map<string, Promise<string | undefined>>();

  constructor(session: SessionChannel) {
    this.#session = session;
  }

  /** `abstract` where only a value shows it. */
  of(dataType: string): Promise<string | undefined> {
    const known = this.#known.get(dataType) ?? this.#find(dataType);
    this.#known.set(dataType, known);
    return known;
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

/** The built-in types of variables; of one whose type is abstract, that of its present value. */
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
  const shown = new Map(open.map((nodeId, index) => [nodeId, typeInValue(values[index]!)]));
  return found.map((type, index) => (type === 'abstract' ? shown.get(nodeIds[index]!) : type));
}

/** What variables are, with their units (OPC 10000-8, 5.6.3). */
export async function describeVariables(
  session: SessionChannel,
  types: BuiltInTypes,
  nodeIds: readonly string[],
): Promise<readonly VariableFacts[]> {
  const names = await typesOf(session, types, nodeIds);
  const [levels] = await attributesOf(session, nodeIds, ['userAccessLevel']);
  const unitIds = await translate(
    session,
    nodeIds.map((nodeId) => ({ nodeId, path: ['EngineeringUnits'] })),
  );
  const withUnit = unitIds.filter((unitId) => unitId !== undefined);
  const units = await readAttributes(
    session,
    withUnit.map((nodeId) => ({ nodeId, attribute: ATTRIBUTES.value })),
  );
  const unitOf = new Map(withUnit.map((unitId, index) => [unitId, unitIn(units[index]!)]));
  return nodeIds.map((_, index) => ({
    type: names[index],
    unit: unitOf.get(unitIds[index] ?? ''),
    isWritable: (Number(scalarIn(levels![index]!) ?? 0) & CURRENT_WRITE) !== 0,
  }));
}

/** Several attributes of the same nodes: a list of values for each attribute. */
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
