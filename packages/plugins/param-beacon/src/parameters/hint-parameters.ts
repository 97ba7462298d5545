import { type BeaconHint, emptyHint, metadataKeys } from '@medkit/beacon';
import { NAME_SEPARATOR, type Parameter, type ParameterValue } from '@medkit/ros2';

const TEXTS = {
  entity_id: 'entityId',
  stable_id: 'stableId',
  display_name: 'displayName',
  component_id: 'componentId',
  transport_type: 'transportType',
  negotiated_format: 'negotiatedFormat',
  process_name: 'processName',
  hostname: 'hostname',
} as const satisfies Record<string, keyof BeaconHint>;

const LISTS = { function_ids: 'functionIds', depends_on: 'dependsOn' } as const satisfies Record<
  string,
  keyof BeaconHint
>;

const PROCESS_ID = 'process_id';
const METADATA = `metadata${NAME_SEPARATOR}`;

/** Returns the names of a node's parameters that belong to a hint; bounded. */
export function hintNames(names: Iterable<string>, prefix: string): readonly string[] {
  const below = prefix + NAME_SEPARATOR;
  const found = [...names].filter((name) => name.startsWith(below)).map((name) => name.slice(below.length));
  const fields = [...Object.keys(TEXTS), ...Object.keys(LISTS), PROCESS_ID].filter((field) => found.includes(field));
  const keys = found.filter((name) => name.startsWith(METADATA)).map((name) => name.slice(METADATA.length));
  return [...fields, ...metadataKeys(keys).map((key) => METADATA + key)].map((name) => below + name);
}

/** Returns the hint in parameters; `undefined` if they name no entity. Values of a wrong type are ignored. */
export function hintOf(parameters: readonly Parameter[], prefix: string, nowMs: number): BeaconHint | undefined {
  const values = new Map(parameters.map(({ name, value }) => [name.slice(prefix.length + 1), value]));
  const entityId = textOf(values.get('entity_id'));
  if (!entityId) return undefined;
  const metadata = [...values].flatMap(([name, value]) => {
    const text = textOf(value);
    return name.startsWith(METADATA) && text !== undefined ? [[name.slice(METADATA.length), text] as const] : [];
  });
  return {
    ...emptyHint(entityId, nowMs),
    ...fieldsOf(TEXTS, values, textOf),
    ...fieldsOf(LISTS, values, listOf),
    processId: processIdOf(values.get(PROCESS_ID)),
    metadata: Object.fromEntries(metadata),
  };
}

function fieldsOf<T>(
  names: Readonly<Record<string, keyof BeaconHint>>,
  values: ReadonlyMap<string, ParameterValue>,
  read: (value: ParameterValue | undefined) => T | undefined,
): Partial<BeaconHint> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, field]) => {
      const value = read(values.get(name));
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

function textOf(value: ParameterValue | undefined): string | undefined {
  return value?.type === 'string' ? value.value : undefined;
}

function listOf(value: ParameterValue | undefined): readonly string[] | undefined {
  return value?.type === 'string_array' ? value.value : undefined;
}

/** The range of a process id is validated with all other fields; numbers this large are invalid anyway. */
function processIdOf(value: ParameterValue | undefined): number {
  return value?.type === 'int' ? Number(value.value) : 0;
}
