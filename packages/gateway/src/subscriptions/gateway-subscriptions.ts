import type { Log, Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { ObservationLimits, OwnerProblem } from '@medkit/entities';
import {
  openSubscriptions,
  type ResourceSampler,
  resourceSamplers,
  type SampledServices,
  type Subscriptions,
} from '@medkit/subscriptions';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayPlugins } from '../plugins/open-plugins.ts';

export interface SubscriptionSources {
  readonly config: Pick<GatewayConfig, 'sse'>;
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Log;
  readonly ownerProblem?: OwnerProblem;
  /** Present if there are accounts. */
  readonly observationLimits?: ObservationLimits;
  readonly plugins?: Pick<GatewayPlugins, 'samplers' | 'transports'>;
  /** Makes samplers merge the parts of entities that several gateways have; absent without peers. */
  readonly joinSamplers?: (samplers: ReadonlyMap<string, ResourceSampler>) => ReadonlyMap<string, ResourceSampler>;
}

/** Opens the cyclic subscriptions as configured, over these services and the plugins. */
export function gatewaySubscriptions(
  {
    config,
    model,
    clock,
    log,
    ownerProblem,
    observationLimits,
    plugins,
    joinSamplers = (samplers) => samplers,
  }: SubscriptionSources,
  services: SampledServices,
): Subscriptions {
  return openSubscriptions({
    model,
    clock,
    log,
    samplers: joinSamplers(resourceSamplers(services, plugins?.samplers)),
    ...(ownerProblem && { ownerProblem }),
    ...(observationLimits && { observationLimits }),
    ...(plugins && { transports: plugins.transports }),
    maxSubscriptions: config.sse.max_subscriptions,
    maxDurationSec: config.sse.max_duration_sec,
  });
}
