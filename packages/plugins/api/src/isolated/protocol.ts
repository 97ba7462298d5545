import type { Principal } from '@medkit/core';
import type { PluginRoute } from '../plugin-route.ts';

/** What a plugin is set up with in its process. */
export interface SetUpRequest {
  /** URL of its module. */
  readonly file: string;
  readonly name: string;
  readonly folder?: string;
  /** As the configuration has them: they are checked by the schema of the plugin there. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether there is a ROS 2 graph. */
  readonly ros: boolean;
}

/**
 * Parts of a plugin with methods that end with the context of a call: several of each, by name, and one `updates` and one
 * `logs`, which have that name.
 */
export type PartGroup = 'providers' | 'samplers' | 'transports' | 'conditions' | 'updates' | 'scripts' | 'logs';

/** The parts of a plugin, told to the gateway: what can be called, and nothing that could not be cloned. */
export interface PartsDescription {
  readonly contribution: boolean;
  readonly health: boolean;
  /** The methods of each provider. */
  readonly providers: Readonly<Record<string, readonly string[]>>;
  readonly routes: readonly PluginRoute['route'][];
  readonly samplers: readonly { readonly name: string; readonly takesPath: boolean }[];
  /** Protocols. */
  readonly transports: readonly string[];
  /** Types of conditions. */
  readonly conditions: readonly string[];
  /** The methods of the one that installs updates; none where there is none. */
  readonly updates: readonly string[];
  /** Those of the one that logs are read from. */
  readonly logs: readonly string[];
  /** Those of what it does with scripts; absent where it does nothing. */
  readonly scripts?: {
    readonly entities?: readonly string[];
    readonly provider: readonly string[];
    readonly runner: readonly string[];
  };
}

/** A `CallContext` without its signal, which crosses as an `abort`; the deadline counts from now. */
export interface CallFields {
  readonly timeoutMs: number;
  readonly clientId: string;
  readonly principal: Principal;
  readonly via: readonly string[];
  readonly trace: string | undefined;
}
