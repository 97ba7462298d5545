import type { Sampler, SubscriptionTransport } from '@medkit/core';
import type { HostedPlugin } from '@medkit/plugin';
import { SSE } from '@medkit/subscriptions';

/** Samplers and transports of plugins that can be used. */
export interface SubscriptionAdmission extends Pick<HostedPlugin, 'samplers' | 'transports'> {
  /** One line for each rejected part. */
  readonly refusals: readonly string[];
}

/** Selects the samplers and transports of plugins: the first plugin that provides a name serves it. */
export function admitSubscriptions(
  plugins: readonly ({ readonly name: string } & Pick<HostedPlugin, 'samplers' | 'transports'>)[],
): SubscriptionAdmission {
  const samplers = new Map<string, Sampler>();
  const transports = new Map<string, SubscriptionTransport>();
  const refusals: string[] = [];
  for (const plugin of plugins) {
    const refuse = (part: string, reason: string) =>
      refusals.push(`${part} of plugin ${plugin.name} is not served: ${reason}`);
    for (const [name, sampler] of plugin.samplers) {
      if (!/^x-[\w.-]{1,62}$/.test(name)) refuse(`Sampler ${name}`, 'its name does not begin with x-');
      else if (samplers.has(name)) refuse(`Sampler ${name}`, 'another plugin has a sampler with this name');
      else samplers.set(name, sampler);
    }
    for (const [protocol, transport] of plugin.transports) {
      if (protocol === SSE) refuse(`Transport ${protocol}`, 'medkit serves this protocol itself');
      else if (transports.has(protocol))
        refuse(`Transport ${protocol}`, 'another plugin has a transport for this protocol');
      else transports.set(protocol, transport);
    }
  }
  return { samplers, transports, refusals };
}
