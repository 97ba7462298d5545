/** The four kinds of SOVD entity (ISO 17978-3). Ids are unique per kind: an app and a component may share one. */
export type EntityKind = 'area' | 'component' | 'app' | 'function';

export const ENTITY_KINDS: readonly EntityKind[] = ['area', 'component', 'app', 'function'];

export interface EntityRef {
  readonly kind: EntityKind;
  readonly id: string;
}

/** Where an entity's resources are: the runtime that serves them and its own name for the entity (a node's FQN). */
export interface ResourceAddress {
  readonly runtime: string;
  readonly nativeId: string;
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
  /** Other names it is found by: a node's FQN, a name before prefixing. Ids win over aliases. */
  readonly aliases?: readonly string[];
  /** Where its own resources are; none for an entity that only groups others. */
  readonly address?: ResourceAddress;
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
}

export interface App extends EntityBase {
  readonly kind: 'app';
  readonly componentId?: string;
  readonly dependsOn?: readonly string[];
  /** Its node's namespace and name, while it is bound to one. */
  readonly fqn?: string;
  readonly online: boolean;
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
