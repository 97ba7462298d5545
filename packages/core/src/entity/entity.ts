import type { JsonValue } from '../json/json-object.ts';
import type { LockSettings } from './lock-settings.ts';
import type { Nameplate } from './nameplate.ts';

/** The four kinds of SOVD entity (ISO 17978-3). Ids are unique per kind: an app and a component may share one. */
export type EntityKind = 'area' | 'component' | 'app' | 'function';

export const ENTITY_KINDS: readonly EntityKind[] = ['area', 'component', 'app', 'function'];

export interface EntityRef {
  readonly kind: EntityKind;
  readonly id: string;
}

/**
 * A gateway, by the name it has here. Entities with the same id from several runtimes of one gateway are the same
 * entity. Entities with the same id from two gateways are different entities.
 */
export type Origin = string;

/** This gateway. */
export const LOCAL: Origin = 'local';

/**
 * Where an entity's resources are served: the runtime, and the runtime's name for the entity (for a node, its full
 * name).
 */
export interface ResourceAddress {
  readonly runtime: string;
  readonly nativeId: string;
  /**
   * Collections that the runtime serves at this address but that do not belong to the entity. Those providers are not
   * called.
   */
  readonly withheld?: readonly ('data' | 'operations')[];
  /**
   * For an address at another gateway: the ids of the gateway instances on the way, starting with the owner of the
   * entity.
   */
  readonly via?: readonly string[];
}

/** Which running node an app is bound to, as far as that is known before the node runs. */
export interface NodeBinding {
  readonly nodeName?: string;
  /** The binding contains the full name, so it matches only the node with exactly this namespace and name. */
  readonly isFullName?: boolean;
  /** `/nav` also matches namespaces below it; `*` matches any namespace. */
  readonly namespace: string;
  /** The app is also bound to a node that uses a channel in this namespace. */
  readonly channelNamespace?: string;
}

interface EntityBase {
  /** 1 to 256 characters of `[A-Za-z0-9_-]`. */
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly translationId?: string;
  readonly tags?: readonly string[];
  /** The layer or peer that reported the entity: `heuristic`, `runtime`, `manifest`, `plugin`, `peer:<name>`. */
  readonly source: string;
  /**
   * Other names that resolve to the entity, such as the full name of its node or its name before prefixing. Ids win
   * over aliases.
   */
  readonly aliases?: readonly string[];
  /** Vendor collections beyond the standard ones of its kind, such as `x-medkit-procfs`. */
  readonly capabilities?: readonly string[];
  /** Further facts, shown unchanged; those of plugins have names that begin with `x-`. */
  readonly metadata?: Readonly<Record<string, JsonValue>>;
  /**
   * False if the owning gateway does not respond and its last report is shown. Not set if another source also reports
   * the entity.
   */
  readonly available?: boolean;
  /** Where the entity's resources are served. Absent for an entity that only groups others. */
  readonly address?: ResourceAddress;
  /**
   * All addresses of the entity's resources, without duplicates, `address` first. Absent if there is none. Set by the
   * merge.
   */
  readonly addresses?: readonly ResourceAddress[];
  /** The gateway that owns the entity; `local` if this gateway also reports it. Set by the merge. */
  readonly origin?: Origin;
  /** The gateways that report the entity: `local` first, then `peer:<name>` sorted by name. Set by the merge. */
  readonly contributors?: readonly string[];
}

export interface Area extends EntityBase {
  readonly kind: 'area';
  readonly namespace?: string;
  readonly parentAreaId?: string;
}

export interface Component extends EntityBase {
  readonly kind: 'component';
  /** `Component` unless a manifest sets another type. */
  readonly type?: string;
  readonly namespace?: string;
  readonly variant?: string;
  readonly areaId?: string;
  readonly parentComponentId?: string;
  readonly dependsOn?: readonly string[];
  /** True if it runs outside of the graph; false if a source says explicitly that it does not. */
  readonly external?: boolean;
  readonly identity?: Nameplate;
  readonly lock?: LockSettings;
}

export interface App extends EntityBase {
  readonly kind: 'app';
  readonly componentId?: string;
  readonly dependsOn?: readonly string[];
  /** Full name of the node that the app is bound to. If no such node runs: the last one, or the one to be bound. */
  readonly node?: string;
  readonly online: boolean;
  readonly binding?: NodeBinding;
  /** True if it runs outside of the graph; false if a source says explicitly that it does not. */
  readonly external?: boolean;
  readonly lock?: LockSettings;
}

export interface FunctionEntity extends EntityBase {
  readonly kind: 'function';
  /** Ids of apps or components. */
  readonly hosts: readonly string[];
  readonly dependsOn?: readonly string[];
}

export interface EntityOf {
  readonly area: Area;
  readonly component: Component;
  readonly app: App;
  readonly function: FunctionEntity;
}

export type Entity = EntityOf[EntityKind];

/** Entities of all four kinds. */
export interface EntityLists {
  readonly areas: readonly Area[];
  readonly components: readonly Component[];
  readonly apps: readonly App[];
  readonly functions: readonly FunctionEntity[];
}

/** Returns the list of one kind. */
export function listOf<K extends EntityKind>(lists: EntityLists, kind: K): readonly EntityOf[K][] {
  const byKind: { readonly [P in EntityKind]: readonly EntityOf[P][] } = {
    area: lists.areas,
    component: lists.components,
    app: lists.apps,
    function: lists.functions,
  };
  return byKind[kind];
}
