import type Type from 'typebox';
import type { PluginContext } from './plugin-context.ts';
import type { PluginParts } from './plugin-parts.ts';

/** Version of the exported API. A plugin written for another version is not loaded. */
export const PLUGIN_API_VERSION = 1;

/**
 * Adds entities, resources or routes to a gateway. A module exports one as `plugin`. The same plugin runs in the
 * gateway (trusted) or in a separate process (`isolate: process`), because all exchanged values are plain data.
 */
export interface Plugin<Options extends Type.TSchema = Type.TSchema> {
  readonly apiVersion: typeof PLUGIN_API_VERSION;
  /** Letters, digits, `_` and `-`. The configuration may give it another name. */
  readonly name: string;
  /**
   * Schema of its options. The gateway checks options and fills in defaults before it calls `setup`. Absent if the
   * plugin takes no options.
   */
  readonly options?: Options;
  /** Called once. If it throws or takes too long, the plugin is left out and `/health` gives the reason. */
  setup(context: PluginContext<Type.Static<Options>>): Promise<PluginParts>;
}

/** Returns the plugin unchanged, with its options typed by their schema. */
export function definePlugin<Options extends Type.TSchema>(plugin: Plugin<Options>): Plugin<Options> {
  return plugin;
}
