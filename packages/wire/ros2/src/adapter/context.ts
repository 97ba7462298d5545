import type { Clock, Quota } from '@medkit/edges';
import type { Participant } from '@medkit/rtps';
import type { GraphWatch } from '../graph/graph-watch.ts';
import type { TypeSupport } from '../types/type-support.ts';
import type { DropCounter } from './drop-counter.ts';
import type { LocalEndpoints } from './local-endpoints.ts';

/** What nodes and their endpoints of one adapter share. */
export interface AdapterContext {
  readonly participant: Participant;
  readonly clock: Clock;
  readonly types: TypeSupport;
  readonly watch: GraphWatch;
  readonly endpoints: LocalEndpoints;
  readonly drops: DropCounter;
  /** Bounds of the requests of each open server, for their counts. */
  readonly requestQuotas: Set<Quota>;
  /** An id for the two endpoints of a service client or server. */
  readonly nextPairId: () => string;
}
