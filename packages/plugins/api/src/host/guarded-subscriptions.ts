import type { CallContext, Sampler, SubscriptionTransport } from '@medkit/core';
import type { PluginParts } from '../plugin-parts.ts';

/** Runs the work of a plugin for a client. Failures are recorded under the name `hook`. */
export type Serve = <T>(hook: string, call: CallContext, work: () => Promise<T>) => Promise<T>;

/** Extensions of cyclic subscriptions by a plugin. */
export interface SubscriptionParts {
  readonly samplers: ReadonlyMap<string, Sampler>;
  readonly transports: ReadonlyMap<string, SubscriptionTransport>;
}

/** Returns the samplers and transports of a plugin with every call going through `serve`. */
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
