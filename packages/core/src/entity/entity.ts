import type { JsonValue } from '../runtime/data-provider.ts';
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
 * A gateway, by the name that it goes by here. What several runtimes of one gateway tell under one id is one entity; two
 * gateways never mean the same by an id.
 */
export type Origin = string;

/** This gateway. */
export const LOCAL: Origin = 'local';

/** Where an entity's resources are: the runtime that serves them and its own name for the entity (the full name of a node). */
export interface ResourceAddress {
  readonly runtime: string;
  readonly nativeId: string;
  /** Resources of the address that are not the entity's, though the runtime has them: providers that are not asked. */
  readonly withheld?: readonly ('data' | 'operations')[];
  /** Of an address at another gateway: the instances of gateways that lie between, that whose entity it is first. */
  readonly via?: readonly string[];
}

/** Which running node an app is, as far as somebody can say before it runs. */
export interface NodeBinding {
  readonly nodeName?: string;
  /** The node is the one with exactly this namespace and name, because the binding has its full name. */
  readonly isFullName?: boolean;
  /** `/nav` also stands for namespaces below it, `*` for any. */
  readonly namespace: string;
  /** An app is also the node that uses a channel in this namespace. */
  readonly channelNamespace?: string;
}

interface EntityBase {
  /** 1 to 256 characters of `[A-Za-z0-9_-]`. */
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly translationId?: string;
  readonly tags?: readonly string[];
  /** Which layer or peer told of it: `heuristic`, `runtime`, `manifest`, `plugin`, `peer:<name>`. */
  readonly source: string;
  /** Other names it is found by: the full name of a node, a name before prefixing. Ids win over aliases. */
  readonly aliases?: readonly string[];
  /** Vendor resources that it has besides those of its kind: `x-medkit-procfs`. */
  readonly capabilities?: readonly string[];
  /** What else is known of it, by names that begin with `x-`: shown as it is. */
  readonly metadata?: Readonly<Record<string, JsonValue>>;
  /** False where the gateway that it is of does not answer, and what it told last is shown; not where anybody else tells of it. */
  readonly available?: boolean;
  /** Where its own resources are; none for an entity that only groups others. */
  readonly address?: ResourceAddress;
  /** All places where it has resources, each once and `address` first; none without one. Set by the merge. */
  readonly addresses?: readonly ResourceAddress[];
  /** The gateway whose it is: `local` where this one tells of it, too. Set by the merge. */
  readonly origin?: Origin;
  /** Who told of it, `local` first, then peers by name. Set by the merge. */
  readonly contributors?: readonly string[];
}

export interface Area extends EntityBase {
  readonly kind: 'area';
  readonly namespace?: string;
  readonly parentAreaId?: string;
}

export interface Component extends EntityBase {
  readonly kind: 'component';
  /** `Component` unless a manifest says otherwise. */
  readonly type?: string;
  readonly namespace?: string;
  readonly variant?: string;
  readonly areaId?: string;
  readonly parentComponentId?: string;
  readonly dependsOn?: readonly string[];
  /** Runs outside of the graph; false where somebody says that it does not. */
  readonly external?: boolean;
  readonly identity?: Nameplate;
  readonly lock?: LockSettings;
}

export interface App extends EntityBase {
  readonly kind: 'app';
  readonly componentId?: string;
  readonly dependsOn?: readonly string[];
  /** Full name, with its namespace, of the node that it is bound to, or was bound to last, or is to be bound to when that node runs. */
  readonly node?: string;
  readonly online: boolean;
  readonly binding?: NodeBinding;
  /** Runs outside of the graph; false where somebody says that it does not. */
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

/** The list of one kind. */
export function listOf<K extends EntityKind>(lists: EntityLists, kind: K): readonly EntityOf[K][] {
  const byKind: { readonly [P in EntityKind]: readonly EntityOf[P][] } = {
    area: lists.areas,
    component: lists.components,
    app: lists.apps,
    function: lists.functions,
  };
  return byKind[kind];
}
