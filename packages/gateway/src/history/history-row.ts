import {
  type App,
  type Component,
  ENTITY_KINDS,
  type Entity,
  type EntityKind,
  type EntityRef,
  isLocal,
} from '@medkit/core';

/** Maximum characters of a name, a node name and a version in the change log; longer texts are truncated. */
const MAX_TEXT = 256;
/** Maximum hosts of a function in the change log. */
const MAX_HOSTS = 500;

/** One row of the change log: the state of one thing from this position on. */
export interface HistoryRow {
  /** Position in the log. Its order is the order of the changes, also if the clock was set back. */
  readonly id: number;
  /** Wall clock, milliseconds since 1970. */
  readonly atMs: number;
  /** `gateway`, `<kind> <id>` of an entity, or `parameter <kind> <id> "<name>"`. */
  readonly key: string;
  /** JSON; `undefined` if the thing no longer exists. */
  readonly body: string | undefined;
}

/** A row that has no position yet. */
export type NewRow = Omit<HistoryRow, 'id'>;

/** Key of the rows that say when the gateway recorded. */
export const GATEWAY_KEY = 'gateway';

/** From this row on, every change is recorded, until a row says that the gateway ended. */
export interface GatewayMark {
  /** Number of this period of recording, increasing. */
  readonly session: number;
  readonly version: string;
  /** Start of the gateway, or the end of the last complete record of this process. */
  readonly startedMs: number;
  /** Why changes before this row may be missing. */
  readonly after: 'start' | 'overload' | 'failure';
  /** Set if the gateway stopped in an orderly way at this row. */
  readonly ended?: true;
}

/** An entity as the change log stores it. */
export interface EntityState {
  readonly name: string;
  readonly online?: boolean;
  readonly node?: string;
  readonly area?: string;
  readonly component?: string;
  readonly parent?: string;
  readonly hosts?: readonly string[];
  readonly software_version?: string;
  readonly firmware_version?: string;
  readonly hardware_revision?: string;
}

/** A recorded entity with the fields of the log itself. */
export interface EntityBody extends EntityState {
  /** Increases each time the app appears, so that values of an earlier process are not taken for its values. */
  readonly run: number;
  /** Set if it changed too often: later changes up to its next row are not recorded. */
  readonly unsteady?: true;
}

/** How the gateway learned the value of a parameter. */
export type ValueSource = 'read' | 'written' | 'observed';

export interface ParameterBody {
  /** Key of its entity. */
  readonly entity: string;
  readonly name: string;
  /** JSON text; absent if it is longer than the log stores. */
  readonly value?: string;
  readonly source: ValueSource;
  readonly session: number;
  readonly run: number;
  readonly unsteady?: true;
}

export const entityKey = ({ kind, id }: EntityRef): string => `${kind} ${id}`;

export const parameterKey = (entity: string, name: string): string => `parameter ${entity} ${JSON.stringify(name)}`;

/** Returns the entity of a key; `undefined` if the key is not of an entity. */
export function entityOfKey(key: string): EntityRef | undefined {
  const at = key.indexOf(' ');
  const kind = ENTITY_KINDS.find((each) => each === key.slice(0, at));
  return kind && { kind, id: key.slice(at + 1) };
}

/** Parses a body. Returns `undefined` for a row that another program damaged. */
export function bodyOf<Body extends object>(row: Pick<HistoryRow, 'body'> | undefined): Body | undefined {
  try {
    const body: unknown = JSON.parse(row?.body ?? 'null');
    return typeof body === 'object' && body !== null ? (body as Body) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns what the change log stores of an entity; `undefined` for an entity of another gateway. */
export function entityState(entity: Entity): EntityState | undefined {
  if (!isLocal(entity)) return undefined;
  return { name: cut(entity.name), ...STATE_OF[entity.kind](entity as never) };
}

const STATE_OF: {
  readonly [Kind in EntityKind]: (entity: Extract<Entity, { kind: Kind }>) => Omit<EntityState, 'name'>;
} = {
  area: ({ parentAreaId }) => ({ ...(parentAreaId && { parent: parentAreaId }) }),
  component: ({ areaId, parentComponentId, identity }: Component) => ({
    ...(areaId && { area: areaId }),
    ...(parentComponentId && { parent: parentComponentId }),
    ...(identity?.softwareVersion && { software_version: cut(identity.softwareVersion) }),
    ...(identity?.firmwareVersion && { firmware_version: cut(identity.firmwareVersion) }),
    ...(identity?.hardwareRevision && { hardware_revision: cut(identity.hardwareRevision) }),
  }),
  app: ({ online, available, node, componentId }: App) => ({
    online: online && available !== false,
    ...(node && { node: cut(node) }),
    ...(componentId && { component: componentId }),
  }),
  function: ({ hosts }) => ({ hosts: hosts.slice(0, MAX_HOSTS) }),
};

function cut(text: string): string {
  return text.length > MAX_TEXT ? text.slice(0, MAX_TEXT).toWellFormed() : text;
}
