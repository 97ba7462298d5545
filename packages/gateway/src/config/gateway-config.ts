import type { Receiver } from '@medkit/notify';
import type { PluginSettings } from './configured-plugins.ts';
import type { ProviderGroups } from './oidc-groups.ts';
import type { RoleSettings } from './role-settings.ts';
import type { Setting } from './setting.ts';
import { SETTING_ROWS, type SETTINGS } from './settings.ts';

type ValueOf<S extends Setting> = S['type'] extends 'integer' | 'number'
  ? number
  : S['type'] extends 'boolean'
    ? boolean
    : S['type'] extends 'list'
      ? readonly string[]
      : string;

/** The settings under their dotted keys. */
export type FlatConfig = { readonly [Key in keyof typeof SETTINGS]: ValueOf<(typeof SETTINGS)[Key]> };

type First<Key extends string> = Key extends `${infer Head}.${string}` ? Head : Key;

type Nested<Flat> = {
  readonly [Head in First<keyof Flat & string>]: Head extends keyof Flat
    ? Flat[Head]
    : Nested<{ [Key in keyof Flat & string as Key extends `${Head}.${infer Rest}` ? Rest : never]: Flat[Key] }>;
};

/** The gateway's configuration, checked and complete: `config.server.port`. */
export type GatewayConfig = Omit<Nested<FlatConfig>, 'plugins'> &
  ProviderGroups & {
    /** In load order. */
    readonly plugins: readonly PluginSettings[];
    /** User-defined roles, by name. */
    readonly roles: Readonly<Record<string, RoleSettings>>;
    /** Receivers of notifications about incidents. */
    readonly receivers: readonly Receiver[];
    /** The settings of each fleet hub, if `hub` is a list. `hub` then has those of the robot. */
    readonly hubs: readonly Nested<FlatConfig>['hub'][];
  };

/** Converts dotted keys to nested sections; replaces the names of plugins by their settings. */
export function nestConfig(
  flat: Readonly<Record<string, unknown>>,
  {
    plugins,
    roles,
    roleMap,
    grantMap,
    receivers,
    hubs,
  }: Pick<GatewayConfig, 'grantMap' | 'hubs' | 'plugins' | 'receivers' | 'roleMap' | 'roles'>,
): GatewayConfig {
  const tree: Record<string, unknown> = {};
  for (const [key] of SETTING_ROWS) {
    const path = key.split('.');
    const leaf = path.pop()!;
    let section = tree;
    for (const name of path) {
      section[name] ??= {};
      section = section[name] as Record<string, unknown>;
    }
    section[leaf] = flat[key];
  }
  return { ...tree, plugins, roles, roleMap, grantMap, receivers, hubs } as GatewayConfig;
}
