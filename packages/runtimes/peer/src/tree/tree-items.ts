import type { TreeItem } from '@medkit/contract';
import {
  ENTITY_KINDS,
  type Entity,
  type EntityKind,
  type EntityLists,
  type EntityOf,
  entityIdProblem,
  fieldsOf,
  type JsonValue,
  NAMEPLATE_FIELDS,
  type Nameplate,
  nativeIdOf,
} from '@medkit/core';

/** Maximum entities of a gateway; one with more is refused. */
export const MAX_ENTITIES = 10_000;
/** Maximum gateways that an entity may pass. */
const MAX_HOPS = 8;
/** Maximum characters of a text and items of a list from another gateway. */
const MAX_TEXT = 4096;
const MAX_LIST = 1000;

/** The tree of a gateway. */
export interface PeerTree {
  /** The run of the gateway. */
  readonly instance: string;
  readonly entities: readonly PeerEntity[];
}

export interface PeerEntity {
  readonly entity: Entity;
  /** The entity is declared there, so its absence is reported. */
  readonly isDeclared: boolean;
}

type Fields = Readonly<Record<string, JsonValue>>;

/** Parses the tree document of another gateway. Throws `RangeError` or `TypeError` with the problem. */
export function treeIn(document: JsonValue, runtime: string): PeerTree {
  const { gateway, items } = fieldsOf(document) ?? {};
  const instance = text(fieldsOf(gateway)?.['instance']);
  if (instance === undefined || !/^[\w.-]{1,64}$/.test(instance)) throw new TypeError('no instance of a gateway');
  if (!Array.isArray(items)) throw new TypeError('no list of entities');
  if (items.length > MAX_ENTITIES) throw new RangeError(`${items.length} entities, more than ${MAX_ENTITIES}`);
  const known = new Set<string>();
  const entities = items.flatMap((item): readonly PeerEntity[] => {
    const peerEntity = entityOf(fieldsOf(item) ?? {}, runtime, instance);
    if (!peerEntity) return [];
    const key = nativeIdOf(peerEntity.entity);
    if (known.has(key)) return [];
    known.add(key);
    return [peerEntity];
  });
  return { instance, entities };
}

/** Groups entities by kind. */
export function listsOf(entities: readonly Entity[]): EntityLists {
  const of = <K extends EntityKind>(kind: K): readonly EntityOf[K][] =>
    entities.filter((entity): entity is EntityOf[K] => entity.kind === kind);
  return { areas: of('area'), components: of('component'), apps: of('app'), functions: of('function') };
}

/** Names of the wire format, checked by the compiler. */
const item = <Name extends keyof TreeItem>(name: Name): Name => name;

function entityOf(fields: Fields, runtime: string, instance: string): PeerEntity | undefined {
  const kind = ENTITY_KINDS.find((each) => each === fields[item('type')]);
  const id = text(fields[item('id')]) ?? '';
  // Names with this prefix belong to gateways.
  if (!kind || entityIdProblem(id) !== undefined || (kind === 'app' && id.startsWith('_'))) return undefined;
  const passed = texts(fields[item('gateways')]) ?? [];
  if (passed.length >= MAX_HOPS) return undefined;
  const via = [...passed, instance];
  const source = text(fields[item('source')]) ?? '';
  const base = {
    id,
    name: text(fields[item('name')]) ?? id,
    source: `peer:${runtime}`,
    ...present({
      description: text(fields[item('description')]),
      translationId: text(fields[item('translation_id')]),
      tags: texts(fields[item('tags')]),
      aliases: texts(fields[item('aliases')]),
      capabilities: texts(fields[item('capabilities')])?.filter(isResource),
      metadata: metadataOf(fields[item('metadata')]),
      available: fields[item('available')] === false ? false : undefined,
    }),
    address: { runtime, nativeId: nativeIdOf({ kind, id }), via },
  };
  return { entity: { ...base, ...kindFields(kind, fields) }, isDeclared: source === 'manifest' };
}

type KindFields = { readonly [K in EntityKind]: Omit<EntityOf[K], 'id' | 'name' | 'source'> }[EntityKind];

/** Returns whether it is a vendor resource, or one that not every gateway provides. */
function isResource(name: string): boolean {
  return name === 'locks' || name === 'scripts' || /^x-[\w-]+$/.test(name);
}

/** Returns the fields specific to a kind. */
function kindFields(kind: EntityKind, fields: Fields): KindFields {
  const dependsOn = texts(fields[item('depends_on')]);
  const external = fields[item('external')] === true ? true : undefined;
  const namespace = text(fields[item('namespace')]);
  switch (kind) {
    case 'area':
      return { kind, ...present({ parentAreaId: idIn(fields[item('parent')]), namespace }) };
    case 'component':
      return {
        kind,
        ...present({
          parentComponentId: idIn(fields[item('parent')]),
          areaId: idIn(fields[item('area')]),
          dependsOn,
          namespace,
          type: text(fields[item('component_type')]),
          variant: text(fields[item('variant')]),
          external,
          identity: nameplateOf(fields[item('identity')]),
        }),
      };
    case 'app':
      return {
        kind,
        online: fields[item('is_online')] === true,
        ...present({
          componentId: idIn(fields[item('component')]),
          dependsOn,
          node: text(fields[item('node')]),
          external,
        }),
      };
    case 'function':
      return { kind, hosts: texts(fields[item('hosts')]) ?? [], ...present({ dependsOn }) };
  }
}

function nameplateOf(value: JsonValue | undefined): Nameplate | undefined {
  const nameplate = fieldsOf(value);
  const fields = NAMEPLATE_FIELDS.flatMap(([field]) => {
    const said = text(nameplate?.[field]);
    return said === undefined ? [] : [[field, said] as const];
  });
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
}

function metadataOf(value: JsonValue | undefined): Readonly<Record<string, JsonValue>> | undefined {
  const named = Object.entries(fieldsOf(value) ?? {}).filter(([name]) => name.startsWith('x-'));
  return named.length > 0 ? Object.fromEntries(named.slice(0, MAX_LIST)) : undefined;
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_TEXT) : undefined;
}

function texts(value: JsonValue | undefined): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.slice(0, MAX_LIST).flatMap((each: JsonValue) => text(each) ?? []);
}

function idIn(value: JsonValue | undefined): string | undefined {
  const id = text(value);
  return id !== undefined && entityIdProblem(id) === undefined ? id : undefined;
}

/** Returns the fields that have a value. */
function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
