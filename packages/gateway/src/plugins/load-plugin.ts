import { checkedOptions, type Plugin, pluginOf } from '@medkit/plugin';
import type { PluginSettings } from '../config/index.ts';
import { type LocatedPlugin, locatePlugin } from './locate-plugin.ts';

/** A plugin with its validated options. */
export interface LoadedPlugin {
  readonly plugin: Plugin;
  readonly options: unknown;
}

/** Finds and loads plugins. */
export interface PluginSource {
  locate(settings: PluginSettings): Promise<LocatedPlugin>;
  /** Imports the module at this URL. */
  load(file: URL): Promise<unknown>;
}

/** The plugins on disk. */
export const installedPlugins: PluginSource = { locate: locatePlugin, load: (file) => import(file.href) };

/**
 * Returns the plugin of a module. Throws a one-line error if the module exports none, or if the options do not match
 * its schema.
 */
export function validatePlugin(module: unknown, settings: Pick<PluginSettings, 'name' | 'options'>): LoadedPlugin {
  const plugin = pluginOf(module);
  const checked = checkedOptions(plugin.options, settings.options);
  if ('options' in checked) return { plugin, options: checked.options };
  throw new Error(`its settings below plugins.${settings.name} are invalid: ${checked.problems.join('; ')}`);
}
