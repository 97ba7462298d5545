import type { Clock, Quota } from '@medkit/edges';
import type { Participant } from '@medkit/rtps';
import type { TypeSupport } from '../codec/type-support.ts';
import type { GraphWatch } from '../graph/graph-watch.ts';
import type { DropCounter } from './drop-counter.ts';
import type { LocalEndpoints } from './local-endpoints.ts';

/** State shared by the nodes and endpoints of one adapter. */
export interface AdapterContext {
  readonly participant: Participant;
  readonly clock: Clock;
  readonly types: TypeSupport;
  readonly watch: GraphWatch;
  readonly endpoints: LocalEndpoints;
  readonly drops: DropCounter;
  /** Request quotas of the open servers, for their counters. */
  readonly requestQuotas: Set<Quota>;
  /** Returns an id for the two endpoints of a service client or server. */
  readonly nextPairId: () => string;
}
