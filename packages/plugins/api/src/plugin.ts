import type Type from 'typebox';
import type { PluginContext } from './plugin-context.ts';
import type { PluginParts } from './plugin-parts.ts';

/** Version of all that is exported here; a plugin that was written for another is not loaded. */
export const PLUGIN_API_VERSION = 1;

/**
 * Something that adds entities, resources or routes to a gateway. A module exports one as `plugin`. The same plugin runs
 * within the gateway (trusted) or in a process of its own (`isolate: process`): whatever passes between the two is plain data.
 */
export interface Plugin<Options extends Type.TSchema = Type.TSchema> {
  readonly apiVersion: typeof PLUGIN_API_VERSION;
  /** Letters, digits, `_` and `-`; the configuration may give it another. */
  readonly name: string;
  /** Schema of its options; they are checked, and defaults put in, before `setup` is called. Absent: it takes none. */
  readonly options?: Options;
  /** Called once. Where it throws or takes too long, the plugin is left out and `/health` says why. */
  setup(context: PluginContext<Type.Static<Options>>): Promise<PluginParts>;
}

/** Gives a plugin back as it is, with its options typed by their schema. */
export function definePlugin<Options extends Type.TSchema>(plugin: Plugin<Options>): Plugin<Options> {
  return plugin;
}
