import type { CallContext, UpdateProvider } from '@medkit/core';
import { updateMethods } from '../update-methods.ts';
import type { Serve } from './guarded-subscriptions.ts';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** The update provider of a plugin with `serve` before everything that it does. */
export function guardedUpdates(provider: UpdateProvider, serve: Serve): UpdateProvider {
  const methods = updateMethods(provider).map((name): [string, Method] => [
    name,
    // The shape of every method: the context of the call comes last.
    (...args) => {
      const method = (provider as unknown as Readonly<Record<string, Method>>)[name]!;
      return serve(`updates.${name}`, args.at(-1) as CallContext, () => method.call(provider, ...args));
    },
  ]);
  return Object.fromEntries(methods) as unknown as UpdateProvider;
}
