import { type Awaitable, andThen, type CallContext, nameOfNativeId, type Providers } from '@medkit/core';
import type { PluginProviders } from '../plugin-parts.ts';
import { type FilesAt, upgradeEvidence } from './legacy-evidence.ts';
import { upgradeTerms } from './legacy-terms.ts';

/** Runs a provider call for a client. Failures are recorded under the name `hook`. */
export type Answer = <T>(hook: string, call: CallContext, work: () => Awaitable<T>) => Awaitable<T>;

/** Signature of every provider method. */
type Method = (nativeId: string, ...rest: readonly unknown[]) => Awaitable<unknown>;

export interface ProviderHost {
  /** Wraps every call. */
  readonly answer: Answer;
  /** Returns the native ids of the plugin's entities with this id. */
  readonly nativeIdsOf: (id: string) => readonly string[];
  /** Opens recordings for which the plugin returns a path. */
  readonly filesAt: FilesAt;
}

/**
 * Adapts the providers of a plugin for the model. Plugins of API version 1 identify their entities by plain ids,
 * regardless of their kind.
 */
export function pluginProviders(providers: PluginProviders, host: ProviderHost): Providers {
  const named = Object.entries(providers).flatMap(([name, provider]) =>
    provider ? [[name, withPlainIds(name, provider as Readonly<Record<string, Method>>, host)] as const] : [],
  );
  return Object.fromEntries(named) as Providers;
}

function withPlainIds(
  name: string,
  provider: Readonly<Record<string, Method>>,
  { answer, nativeIdsOf, filesAt }: ProviderHost,
) {
  const methods = Object.keys(provider).map((method) => {
    const ask: Method = (nativeId, ...rest) =>
      answer(name, rest.at(-1) as CallContext, () => provider[method]!(nameOfNativeId(nativeId), ...rest));
    const holders: Method = (...args) =>
      andThen(ask(...args), (ids) => (ids as readonly string[]).flatMap(nativeIdsOf));
    const upgrade = (answered: unknown): unknown =>
      name === 'faults' ? upgradeEvidence(method, answered, filesAt) : upgradeTerms(name, method, answered);
    const upgraded: Method = (...args) => andThen(ask(...args), upgrade);
    return [method, method === 'holders' ? holders : upgraded] as const;
  });
  return Object.fromEntries(methods);
}
