/** The plugin API of medkit: the parts of a plugin, its context, and the host that runs it. */

export { EVENT_HOOKS, type EventHook, type EventHooks, type EventListener, eventHooks } from './event-hooks.ts';
export { DeferredHost, type GatewayHost } from './host/gateway-host.ts';
export { type HostedPlugin, type HostOptions, hostPlugin, type PluginState } from './host/host-plugin.ts';
export { type CheckedOptions, checkedOptions } from './host/plugin-options.ts';
export { isScalar, type NumberRange, OptionReader, parseYamlBoolean } from './option-reader.ts';
export { definePlugin, PLUGIN_API_VERSION, type Plugin } from './plugin.ts';
export type { ApiReply, ApiRequest, EntityLine, FaultEnd, PluginContext, RosAccess } from './plugin-context.ts';
export { pluginOf } from './plugin-module.ts';
export type {
  PlacedRecording,
  PluginContribution,
  PluginFaultProvider,
  PluginParts,
  PluginProviders,
  PluginRecording,
  PluginScripts,
} from './plugin-parts.ts';
export type { PluginReply, PluginRequest, PluginRoute } from './plugin-route.ts';
