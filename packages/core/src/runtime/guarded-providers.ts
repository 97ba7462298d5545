import type { Awaitable } from './awaitable.ts';
import type { CallContext } from './call-context.ts';
import type { Providers } from './runtime.ts';

/** What every call to a provider goes through; `provider` is its name among the providers. */
export type Gate = <T>(
  provider: keyof Providers,
  nativeId: string,
  call: CallContext,
  work: (call: CallContext) => Awaitable<T>,
) => Awaitable<T>;

/** How every method of a provider is called: the entity first, the context of the call last. */
type Method = (nativeId: string, ...rest: readonly unknown[]) => Awaitable<unknown>;

/** `providers` with `gate` before every call. */
export function guardedProviders(providers: Providers, gate: Gate): Providers {
  const names = Object.keys(providers) as (keyof Providers)[];
  const guarded = names.map((name) => [name, guardedProvider(name, providers[name], gate)]);
  return Object.fromEntries(guarded);
}

function guardedProvider(name: keyof Providers, provider: Providers[keyof Providers], gate: Gate): unknown {
  if (!provider) return undefined;
  const methods = Object.keys(provider).map((method) => [
    method,
    // The shape that `Providers` prescribes for every method.
    (nativeId: string, ...rest: readonly unknown[]) => {
      const call = rest.at(-1) as CallContext;
      const work = (guarded: CallContext) =>
        (provider as unknown as Record<string, Method>)[method](nativeId, ...rest.slice(0, -1), guarded);
      return gate(name, nativeId, call, work);
    },
  ]);
  return Object.fromEntries(methods);
}
