import { type Awaitable, andThen, type CallContext, nameOfNativeId, type Providers } from '@medkit/core';
import type { PluginProviders } from '../plugin-parts.ts';
import { type FilesAt, presentEvidence } from './former-evidence.ts';
import { presentTerms } from './former-terms.ts';

/** Runs what a provider does for a client; `hook` is what failures are told of. */
export type Answer = <T>(hook: string, call: CallContext, work: () => Awaitable<T>) => Awaitable<T>;

/** The shape that `Providers` prescribes for every method. */
type Method = (nativeId: string, ...rest: readonly unknown[]) => Awaitable<unknown>;

export interface ProviderHost {
  /** Stands before every call. */
  readonly answer: Answer;
  /** Native ids of the plugin's entities that have this id. */
  readonly nativeIdsOf: (id: string) => readonly string[];
  /** Opens recordings of which the plugin gives the path. */
  readonly filesAt: FilesAt;
}

/** The providers of a plugin as the model asks them. Plugins of API v1 know their entities by bare ids, whatever kind they are of. */
export function pluginProviders(providers: PluginProviders, host: ProviderHost): Providers {
  const named = Object.entries(providers).flatMap(([name, provider]) =>
    provider ? [[name, ofBareIds(name, provider as Readonly<Record<string, Method>>, host)] as const] : [],
  );
  return Object.fromEntries(named) as Providers;
}

function ofBareIds(
  name: string,
  provider: Readonly<Record<string, Method>>,
  { answer, nativeIdsOf, filesAt }: ProviderHost,
) {
  const methods = Object.keys(provider).map((method) => {
    const ask: Method = (nativeId, ...rest) =>
      answer(name, rest.at(-1) as CallContext, () => provider[method]!(nameOfNativeId(nativeId), ...rest));
    const held: Method = (...args) => andThen(ask(...args), (ids) => (ids as readonly string[]).flatMap(nativeIdsOf));
    const present = (told: unknown): unknown =>
      name === 'faults' ? presentEvidence(method, told, filesAt) : presentTerms(name, method, told);
    const shown: Method = (...args) => andThen(ask(...args), present);
    return [method, method === 'holders' ? held : shown] as const;
  });
  return Object.fromEntries(methods);
}
