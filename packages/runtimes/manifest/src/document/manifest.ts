import type { App, Area, ChannelMeaning, Component, EntityLists, FunctionEntity, ManagedScript } from '@medkit/core';

/** The version of the format that is read. */
export const MANIFEST_VERSION = '1.0';

/** What a manifest says of itself. */
export interface ManifestMetadata {
  readonly name?: string;
  readonly description?: string;
  readonly version?: string;
  readonly createdAt?: string;
}

/** What is done with nodes that no app of the manifest is bound to. */
export const UNMANIFESTED_POLICIES = ['ignore', 'warn', 'error', 'include_as_orphan'] as const;
export type UnmanifestedPolicy = (typeof UNMANIFESTED_POLICIES)[number];

/** What a manifest says of how it is joined with what runs. */
export interface ManifestConfig {
  readonly unmanifestedNodes: UnmanifestedPolicy;
  /** Whether an app has the topics, services and actions of the node that it is bound to. */
  readonly inheritRuntimeResources: boolean;
  /** False: what is seen at run time counts before what the manifest says. */
  readonly allowManifestOverride: boolean;
}

export const DEFAULT_MANIFEST_CONFIG: ManifestConfig = {
  unmanifestedNodes: 'warn',
  inheritRuntimeResources: true,
  allowManifestOverride: true,
};

/** A manifest that passed its rules. */
export interface Manifest {
  readonly metadata: ManifestMetadata;
  readonly config: ManifestConfig;
  readonly entities: EntityLists;
  readonly scripts: readonly ManagedScript[];
  /** What channels are to the person who looks at their frames, by full name. */
  readonly channels: ReadonlyMap<string, ChannelMeaning>;
}

/** Something that a file declares, with the places of it and of its fields. */
export interface Declared<T> {
  readonly value: T;
  readonly at: string;
  /** Where a field stands, by its key; what is not among them stands where the whole does. */
  readonly places: ReadonlyMap<string, string>;
}

/** Everything that the files of one manifest declare. */
export interface Declarations {
  readonly areas: readonly Declared<Area>[];
  readonly components: readonly Declared<Component>[];
  readonly apps: readonly Declared<App>[];
  readonly functions: readonly Declared<FunctionEntity>[];
  readonly scripts: readonly Declared<ManagedScript>[];
  readonly channels: readonly Declared<readonly [name: string, meaning: ChannelMeaning]>[];
}

export const NO_DECLARATIONS: Declarations = {
  areas: [],
  components: [],
  apps: [],
  functions: [],
  scripts: [],
  channels: [],
};

/** The place of a field, or of the whole. */
export function placeOf({ at, places }: Declared<unknown>, key: string): string {
  return places.get(key) ?? at;
}

/** What several files declare, one after the other. */
export function declaredTogether(all: readonly Partial<Declarations>[]): Declarations {
  return {
    areas: all.flatMap(({ areas = [] }) => areas),
    components: all.flatMap(({ components = [] }) => components),
    apps: all.flatMap(({ apps = [] }) => apps),
    functions: all.flatMap(({ functions = [] }) => functions),
    scripts: all.flatMap(({ scripts = [] }) => scripts),
    channels: all.flatMap(({ channels = [] }) => channels),
  };
}
