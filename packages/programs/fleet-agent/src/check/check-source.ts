import { type Client, GatewayRefused } from '@medkit/client';
import type { DataItem, EntityKind } from '@medkit/contract';
import { nearestName } from '@medkit/documents';
import { type DataRef, dataPath, entityPath } from '../entity-path.ts';
import { NoSuchValue, valueIn } from '../values/field.ts';
import type { ValueSource } from '../values/last-values.ts';
import { type FromData, type MemberName, memberOf } from '../values/value-map.ts';
import type { Finding } from './finding.ts';

/** Returns the problems of a data item and its mapped fields. */
export async function checkSource(client: Client, { data, members }: ValueSource): Promise<readonly Finding[]> {
  const item = await findItem(client, data);
  if ('message' in item) return [item];
  const ofFields = members.flatMap(([name, mapping]) => fieldFinding(item, name, mapping) ?? []);
  return ofFields.length > 0 ? ofFields : valueFindings(client, { data, members });
}

/** Returns the data item from the list of its entity, or a finding if it does not exist. */
export async function findItem(client: Client, data: DataRef): Promise<DataItem | Finding> {
  const { entity, dataId, at } = data;
  let items: readonly DataItem[];
  try {
    ({ items } = await client.call('listData', { entity }));
  } catch (error) {
    if (!(error instanceof GatewayRefused)) throw error;
    return (await entityFinding(client, entity, at)) ?? { at, message: `${entityPath(entity)}: ${error.message}` };
  }
  const withoutSlash = (id: string) => id.replace(/^\//, '');
  const found = items.find(({ id }) => withoutSlash(id) === withoutSlash(dataId));
  if (found) return found;
  const nearest = nearestName(
    withoutSlash(dataId),
    items.map(({ id }) => withoutSlash(id)),
  );
  return { at, message: `${entityPath(entity)} has no data ${dataId}${suggestion(nearest)}` };
}

/** Returns a finding if the entity does not exist, otherwise `undefined`. */
export async function entityFinding(
  client: Client,
  { kind, id }: DataRef['entity'],
  at: string,
): Promise<Finding | undefined> {
  const { items } = await client.call('listEntities', { kind: kind satisfies EntityKind });
  const ids = items.map((item) => item.id);
  if (ids.includes(id)) return undefined;
  const nearest = nearestName(id, ids);
  return {
    at,
    message: `there is no ${entityPath({ kind, id })}${suggestion(nearest && entityPath({ kind, id: nearest }))}`,
  };
}

const suggestion = (nearest: string | undefined) => (nearest === undefined ? '' : `. Did you mean ${nearest}?`);

/** JSON Schema types that can be mapped to a member directly. */
const TYPES = {
  number: ['number', 'integer'],
  angle: ['number', 'integer'],
  flag: ['boolean'],
  text: ['string'],
  word: ['string'],
} as const;

function fieldFinding(item: DataItem, name: MemberName, mapping: FromData): Finding | undefined {
  const { at, path, isQuaternion } = mapping;
  const schema = item['x-medkit']?.type_info?.schema;
  for (const part of isQuaternion ? ['x', 'y', 'z', 'w'].map((axis) => `${path}.${axis}`) : [path]) {
    const field = fieldIn(schema, part);
    if (field === undefined) return undefined;
    if ('missing' in field) {
      const has = field.choice.length > 0 ? `; available: ${field.choice.join(', ')}` : '';
      return { at, message: `${name}: ${item.id} has no ${field.missing} in ${part}${has}` };
    }
    const fits: readonly string[] = isQuaternion ? TYPES.number : TYPES[memberOf(name).kind];
    const isTranslated = mapping.words !== undefined || mapping.otherwise !== undefined;
    if (isTranslated || fits.includes(field.type)) continue;
    const remedy = fits.includes('boolean') || fits.includes('string') ? '; translate its values with words' : '';
    return {
      at,
      message: `${name}: ${part || 'the value'} of ${item.id} has the type ${field.type}, not ${fits[0]}${remedy}`,
    };
  }
  return undefined;
}

/** Returns the problems of the current value of the item. */
async function valueFindings(
  client: Client,
  { data, members }: Pick<ValueSource, 'data' | 'members'>,
): Promise<readonly Finding[]> {
  const { entity, dataId, at } = data;
  let message: unknown;
  try {
    const reply = await client.call('getDataItem', { entity, path: { data_id: dataId } });
    if (reply['x-medkit']?.status === 'metadata_only') return [{ at, message: `${dataPath(data)} has no value now` }];
    message = reply.data;
  } catch (error) {
    if (!(error instanceof GatewayRefused)) throw error;
    return [{ at, message: `${dataPath(data)} cannot be read now: ${error.message}` }];
  }
  return members.flatMap(([name, mapping]) => {
    try {
      valueIn(message, name, mapping);
      return [];
    } catch (error) {
      if (!(error instanceof NoSuchValue)) throw error;
      return [{ at: mapping.at, message: `${name}: ${dataPath(data)}: ${error.message}` }];
    }
  });
}

/** JSON Schema of a message, which the gateway returns with a data item. */
interface FieldSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly items?: unknown;
}

/** A path that is not in a schema: the missing name, and the existing names. */
interface MissingField {
  readonly missing: string;
  readonly choice: readonly string[];
}

/** Returns the type of the field at a path, or where the path is invalid; `undefined` if the schema does not say. */
function fieldIn(schema: unknown, path: string): { readonly type: string } | MissingField | undefined {
  let part = schema as FieldSchema | undefined;
  for (const name of path === '' ? [] : path.split('.')) {
    if (part?.type === 'array' && /^\d+$/.test(name)) {
      part = part.items as FieldSchema | undefined;
    } else if (part?.properties !== undefined) {
      if (!Object.hasOwn(part.properties, name)) return { missing: name, choice: Object.keys(part.properties) };
      part = part.properties[name] as FieldSchema | undefined;
    } else {
      return typeof part?.type === 'string' ? { missing: name, choice: [] } : undefined;
    }
  }
  return typeof part?.type === 'string' ? { type: part.type } : undefined;
}
