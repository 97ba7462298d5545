import type { CallContext } from '@medkit/core';
import { methodsIn, RUNNER_METHODS, SCRIPT_METHODS } from '../part-methods.ts';
import type { PluginScripts } from '../plugin-parts.ts';
import type { Serve } from './guarded-subscriptions.ts';

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** A part of a plugin, called `name`, with `serve` before everything of `methods` that it does. */
export function guardedPart<Part extends object>(
  name: string,
  part: Part,
  methods: readonly string[],
  serve: Serve,
): Part {
  const guarded = methodsIn(part, methods).map((method): [string, Method] => [
    method,
    // The shape of every method: the context of the call comes last.
    (...args) => {
      const work = (part as Readonly<Record<string, Method>>)[method]!;
      return serve(`${name}.${method}`, args.at(-1) as CallContext, () => work.call(part, ...args));
    },
  ]);
  return Object.fromEntries(guarded) as Part;
}

/** What a plugin does with scripts, the same way. */
export function guardedScripts({ entities, provider, runner }: PluginScripts, serve: Serve): PluginScripts {
  return {
    ...(entities && { entities }),
    ...(provider && { provider: guardedPart('scripts', provider, SCRIPT_METHODS, serve) }),
    ...(runner && { runner: guardedPart('runner', runner, RUNNER_METHODS, serve) }),
  };
}
