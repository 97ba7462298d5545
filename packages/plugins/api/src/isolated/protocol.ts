import type { Principal } from '@medkit/core';
import type { PluginRoute } from '../plugin-route.ts';

/** The request that sets up a plugin in its process. */
export interface SetUpRequest {
  /** URL of the plugin's module. */
  readonly file: string;
  readonly name: string;
  readonly folder?: string;
  /** Options from the configuration. The process checks them against the schema of the plugin. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether the gateway is part of a ROS 2 graph. */
  readonly ros: boolean;
}

/**
 * Groups of parts whose methods take the call context as their last argument. Most groups have several parts by name;
 * `updates` and `logs` have one part of the same name.
 */
export type PartGroup = 'providers' | 'samplers' | 'transports' | 'conditions' | 'updates' | 'scripts' | 'logs';

/** Description of a plugin's parts for the gateway: everything that can be called, as data that can be cloned. */
export interface PartsDescription {
  readonly contribution: boolean;
  readonly health: boolean;
  /** The methods of each provider. */
  readonly providers: Readonly<Record<string, readonly string[]>>;
  readonly routes: readonly PluginRoute['route'][];
  readonly samplers: readonly { readonly name: string; readonly takesPath: boolean }[];
  /** Protocols of the transports. */
  readonly transports: readonly string[];
  /** Types of the conditions. */
  readonly conditions: readonly string[];
  /** Methods of the update provider; empty if the plugin has none. */
  readonly updates: readonly string[];
  /** Methods of the log reader; empty if the plugin has none. */
  readonly logs: readonly string[];
  /** Methods of the script provider and runner; absent if the plugin has neither. */
  readonly scripts?: {
    readonly entities?: readonly string[];
    readonly provider: readonly string[];
    readonly runner: readonly string[];
  };
}

/**
 * A `CallContext` for another process. Its signal is sent as an `abort` message; its deadline is relative to the time
 * of the call.
 */
export interface CallFields {
  readonly timeoutMs: number;
  readonly clientId: string;
  readonly principal: Principal;
  readonly via: readonly string[];
  readonly trace: string | undefined;
}
