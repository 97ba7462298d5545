import type { CallContext } from '@medkit/core';
import { methodsIn, RUNNER_METHODS, SCRIPT_METHODS } from '../part-methods.ts';
import type { PluginScripts } from '../plugin-parts.ts';
import type { Serve } from './guarded-subscriptions.ts';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** Returns a part of a plugin, called `name`, with every call of `methods` going through `serve`. */
export function guardedPart<Part extends object>(
  name: string,
  part: Part,
  methods: readonly string[],
  serve: Serve,
): Part {
  const guarded = methodsIn(part, methods).map((method): [string, Method] => [
    method,
    // Every method takes the call context as its last argument.
    (...args) => {
      const work = (part as Readonly<Record<string, Method>>)[method]!;
      return serve(`${name}.${method}`, args.at(-1) as CallContext, () => work.call(part, ...args));
    },
  ]);
  return Object.fromEntries(guarded) as Part;
}

/** Returns the script provider and runner of a plugin with every call going through `serve`. */
export function guardedScripts({ entities, provider, runner }: PluginScripts, serve: Serve): PluginScripts {
  return {
    ...(entities && { entities }),
    ...(provider && { provider: guardedPart('scripts', provider, SCRIPT_METHODS, serve) }),
    ...(runner && { runner: guardedPart('runner', runner, RUNNER_METHODS, serve) }),
  };
}
