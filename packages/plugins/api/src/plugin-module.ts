import { PLUGIN_API_VERSION, type Plugin } from './plugin.ts';

/**
 * Returns the plugin that a module exports as `plugin`. Throws if there is none, or if it does not fit this gateway;
 * the message is one line that says what to do.
 */
export function pluginOf(module: unknown): Plugin {
  const plugin = (module as { readonly plugin?: unknown } | undefined)?.plugin as Partial<Plugin> | undefined;
  if (typeof plugin !== 'object' || plugin === null) {
    throw new Error('it exports no "plugin": a plugin is a module with "export const plugin = definePlugin({ … })"');
  }
  const { apiVersion, setup } = plugin;
  if (apiVersion !== PLUGIN_API_VERSION) {
    throw new Error(
      `it was written for version ${String(apiVersion)} of the plugin API and this medkit has version ` +
        `${PLUGIN_API_VERSION}: install matching versions`,
    );
  }
  if (typeof setup !== 'function') throw new Error('its "plugin" has no function "setup"');
  return plugin as Plugin;
}
