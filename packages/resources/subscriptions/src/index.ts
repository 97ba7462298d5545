/** Cyclic subscriptions of clients: samplers of the collections, delivery of the samples, and the service. */
export type { ResourceSampler } from './resource-sampler.ts';
export { resourceSamplers, type SampledServices } from './resource-samplers.ts';
export type { SerializedEvent } from './serialized-event.ts';
export { SSE } from './subscription.ts';
export type { SubscriptionViewer } from './subscription-feed.ts';
export { openSubscriptions, type SubscriptionService, type Subscriptions } from './subscription-service.ts';
