import type { Route } from '@medkit/contract';
import type { WireError } from './wire-error.ts';

/** What crosses between a gateway and the process of a plugin, in either direction. */
export type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: WireError }
  /** Nobody waits for the answer to that call any more. */
  | { readonly kind: 'abort'; readonly id: number }
  /** Nothing is answered. */
  | { readonly kind: 'notice'; readonly name: string; readonly args: readonly unknown[] };

/** What a plugin is set up with in its process. */
export interface SetUpRequest {
  /** URL of its module. */
  readonly file: string;
  readonly name: string;
  /** As the configuration has them: they are checked by the schema of the plugin there. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether there is a ROS 2 graph. */
  readonly ros: boolean;
}

/** The parts of a plugin, told to the gateway: what can be called, and nothing that could not be cloned. */
export interface PartsDescription {
  readonly contribution: boolean;
  readonly health: boolean;
  /** The methods of each provider. */
  readonly providers: Readonly<Record<string, readonly string[]>>;
  readonly routes: readonly Omit<Route, 'tag' | 'cached'>[];
}

/** A `CallContext` without its signal, which crosses as an `abort`; the deadline counts from now. */
export interface CallFields {
  readonly timeoutMs: number;
  readonly clientId: string;
  readonly principal: string | undefined;
  readonly roles: readonly string[];
  readonly via: readonly string[];
  readonly trace: string | undefined;
}
