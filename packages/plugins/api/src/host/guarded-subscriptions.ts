import type { CallContext, Sampler, SubscriptionTransport } from '@medkit/core';
import type { PluginParts } from '../plugin-parts.ts';

/** Runs what a plugin does for a client; `hook` is what failures are told of. */
export type Serve = <T>(hook: string, call: CallContext, work: () => Promise<T>) => Promise<T>;

/** What a plugin adds to subscriptions. */
export interface SubscriptionParts {
  readonly samplers: ReadonlyMap<string, Sampler>;
  readonly transports: ReadonlyMap<string, SubscriptionTransport>;
}

/** The samplers and transports of a plugin with `serve` before everything that they do. */
export function guardedSubscriptions(
  { samplers = {}, transports = {} }: Pick<PluginParts, 'samplers' | 'transports'>,
  serve: Serve,
): SubscriptionParts {
  const guardedSampler = (name: string, sampler: Sampler): Sampler => ({
    takesPath: sampler.takesPath === true,
    sample: (entity, path, call) => serve(`sampler ${name}`, call, () => sampler.sample(entity, path, call)),
  });
  const guardedTransport = (name: string, transport: SubscriptionTransport): SubscriptionTransport => ({
    start: (of, call) => serve(`transport ${name}`, call, () => transport.start(of, call)),
    deliver: (id, event, call) => serve(`transport ${name}`, call, () => transport.deliver(id, event, call)),
    stop: (id, call) => serve(`transport ${name}`, call, () => transport.stop(id, call)),
  });
  return {
    samplers: new Map(Object.entries(samplers).map(([name, sampler]) => [name, guardedSampler(name, sampler)])),
    transports: new Map(Object.entries(transports).map(([name, each]) => [name, guardedTransport(name, each)])),
  };
}
