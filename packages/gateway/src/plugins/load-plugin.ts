import { checkedOptions, type Plugin, pluginOf } from '@medkit/plugin';
import type { PluginSettings } from '../config/index.ts';
import { type LocatedPlugin, locatePlugin } from './locate-plugin.ts';

/** A plugin with the options that it is set up with. */
export interface LoadedPlugin {
  readonly plugin: Plugin;
  readonly options: unknown;
}

/** Where plugins come from. */
export interface PluginSource {
  locate(settings: PluginSettings): Promise<LocatedPlugin>;
  /** The module of that address. */
  load(file: URL): Promise<unknown>;
}

/** The disk. */
export const installedPlugins: PluginSource = { locate: locatePlugin, load: (file) => import(file.href) };

/** The plugin of a module. Throws in one line where it is none, or where its options do not fit its schema. */
export function readyPlugin(module: unknown, settings: Pick<PluginSettings, 'name' | 'options'>): LoadedPlugin {
  const plugin = pluginOf(module);
  const checked = checkedOptions(plugin.options, settings.options);
  if ('options' in checked) return { plugin, options: checked.options };
  throw new Error(`its settings below plugins.${settings.name} do not fit: ${checked.problems.join('; ')}`);
}
