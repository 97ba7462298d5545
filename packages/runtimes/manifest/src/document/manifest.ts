import type { App, Area, ChannelMeaning, Component, EntityLists, FunctionEntity, ManagedScript } from '@medkit/core';

/** Supported version of the manifest format. */
export const MANIFEST_VERSION = '1.0';

/** Metadata of a manifest. */
export interface ManifestMetadata {
  readonly name?: string;
  readonly description?: string;
  readonly version?: string;
  readonly createdAt?: string;
}

/** How to treat nodes that no app of the manifest is bound to. */
export const UNMANIFESTED_POLICIES = ['ignore', 'warn', 'error', 'include_as_orphan'] as const;
export type UnmanifestedPolicy = (typeof UNMANIFESTED_POLICIES)[number];

/** How a manifest is merged with the running system. */
export interface ManifestConfig {
  readonly unmanifestedNodes: UnmanifestedPolicy;
  /** Whether an app inherits the topics, services and actions of its node. */
  readonly inheritRuntimeResources: boolean;
  /** False: the running system takes precedence over the manifest. */
  readonly allowManifestOverride: boolean;
}

export const DEFAULT_MANIFEST_CONFIG: ManifestConfig = {
  unmanifestedNodes: 'warn',
  inheritRuntimeResources: true,
  allowManifestOverride: true,
};

/** A manifest that passed validation. */
export interface Manifest {
  readonly metadata: ManifestMetadata;
  readonly config: ManifestConfig;
  readonly entities: EntityLists;
  readonly scripts: readonly ManagedScript[];
  /** Descriptions of channels for viewers of their frames, by full name. */
  readonly channels: ReadonlyMap<string, ChannelMeaning>;
}

/** A declaration with its location and the locations of its fields. */
export interface Declared<T> {
  readonly value: T;
  readonly at: string;
  /** Locations of fields, by key; other fields have the location of the whole declaration. */
  readonly places: ReadonlyMap<string, string>;
}

/** All declarations in the files of a manifest. */
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

/** Returns the location of a field, or of the whole declaration. */
export function fieldLocation({ at, places }: Declared<unknown>, key: string): string {
  return places.get(key) ?? at;
}

/** Concatenates the declarations of several files. */
export function mergeDeclarations(all: readonly Partial<Declarations>[]): Declarations {
  return {
    areas: all.flatMap(({ areas = [] }) => areas),
    components: all.flatMap(({ components = [] }) => components),
    apps: all.flatMap(({ apps = [] }) => apps),
    functions: all.flatMap(({ functions = [] }) => functions),
    scripts: all.flatMap(({ scripts = [] }) => scripts),
    channels: all.flatMap(({ channels = [] }) => channels),
  };
}
