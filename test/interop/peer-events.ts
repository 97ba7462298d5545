/** A line that a peer printed (test/peers/README.md). */
export type PeerEvent =
  | { readonly event: 'ready'; readonly gid: string }
  | EndpointMade<'publisher'>
  | EndpointMade<'subscription'>
  | { readonly event: 'matched'; readonly role: string; readonly topic: string; readonly count: number }
  | { readonly event: 'incompatible'; readonly role: string; readonly topic: string; readonly policy: number }
  | { readonly event: 'written'; readonly topic: string; readonly index: number; readonly value: PeerValue }
  | { readonly event: 'sample'; readonly topic: string; readonly value: PeerValue }
  | { readonly event: 'tally'; readonly topic: string; readonly count: number; readonly seconds: number }
  | {
      readonly event: 'finished';
      readonly topic: string;
      readonly count: number;
      readonly seconds: number;
      readonly acknowledgedSeconds: number | null;
    }
  | { readonly event: 'graph'; readonly value: ParticipantEntities }
  | PeerServiceEvent
  | { readonly event: 'refused'; readonly command: string; readonly reason: string }
  | { readonly event: 'bye' };

/**
 * Events of peers about services and what is built on them. `name` is the service, the action, or the node with the
 * parameters.
 */
export type PeerServiceEvent =
  | { readonly event: 'request'; readonly name: string; readonly sequence: number }
  | { readonly event: 'malformed'; readonly name: string; readonly octets?: number; readonly reason: string }
  | { readonly event: 'unreachable'; readonly name: string; readonly sequence: number }
  | { readonly event: 'answer'; readonly name: string; readonly value: PeerValue }
  | {
      readonly event: 'called';
      readonly name: string;
      readonly answered: number;
      readonly lost: number;
      readonly seconds: number;
      readonly p50Ms: number | null;
      readonly p99Ms: number | null;
    }
  | {
      readonly event: 'served';
      readonly name: string;
      readonly requests: number;
      readonly malformed: number;
      readonly answered: number;
    }
  | { readonly event: 'parameter'; readonly name: string; readonly parameter: string }
  | { readonly event: 'goal'; readonly name: string; readonly goal: string; readonly accepted: boolean }
  | { readonly event: 'goal_status'; readonly name: string; readonly goal: string; readonly status: number }
  | { readonly event: 'feedback'; readonly name: string; readonly goal: string; readonly value: PeerValue }
  | {
      readonly event: 'result';
      readonly name: string;
      readonly goal: string;
      readonly status: number;
      readonly value: PeerValue;
    }
  | {
      readonly event: 'canceling';
      readonly name: string;
      readonly goal: string;
      readonly code: number;
      readonly count: number;
    };

interface EndpointMade<Role extends string> {
  readonly event: Role;
  readonly topic: string;
  /** FQN of its node; empty if there is none. */
  readonly node: string;
  readonly gid: string;
}

/** A message as a peer prints it, see `comparable`. */
export type PeerValue = { readonly [field: string]: unknown };

/** rmw_dds_common/msg/ParticipantEntitiesInfo. */
export interface ParticipantEntities {
  readonly gid: { readonly data: readonly number[] };
  readonly node_entities_info_seq: readonly {
    readonly node_namespace: string;
    readonly node_name: string;
    readonly reader_gid_seq: readonly { readonly data: readonly number[] }[];
    readonly writer_gid_seq: readonly { readonly data: readonly number[] }[];
  }[];
}

/** Returns the topic or name of an event. */
export function subjectOf(event: PeerEvent): string | undefined {
  if ('topic' in event) return event.topic;
  return 'name' in event ? event.name : undefined;
}
