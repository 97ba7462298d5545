import { mapOf, named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

export const PeerClock = named(
  'PeerClock',
  Type.Object(
    {
      offset_ms: Type.Number({
        description: 'How far its clock is ahead of the clock of this gateway; negative if behind.',
      }),
      uncertainty_ms: Type.Number({
        description: 'Maximum error of the offset: half of the round-trip time.',
      }),
      measured_at: optional(
        Type.String({ description: 'When it was last seen, RFC 3339, by the clock of this gateway.' }),
      ),
    },
    { description: 'The clock of another gateway compared to this one.' },
  ),
);
export type PeerClock = Type.Static<typeof PeerClock>;

/** Part of a list that merges several gateways, whose items keep the timestamps of their gateway. */
export const PeerClocks = mapOf(
  PeerClock,
  'How far the clock of each gateway is ahead of the clock of this gateway: its time minus `offset_ms` is the time here. Lists sorted by time use the corrected times.',
);

const peer = {
  name: Type.String({ description: 'Name on this gateway.' }),
  url: Type.String(),
  status: oneOf('online', 'offline', 'pending'),
  discovered: optional(Type.Boolean({ description: 'It was found on the network and is not in the configuration.' })),
  entities: Type.Integer({ description: 'Number of its entities in the tree.' }),
  clock: optional(PeerClock),
  last_seen: optional(Type.String({ description: 'When it last answered, RFC 3339. Absent if never.' })),
  problem: optional(Type.String({ description: 'Why it is offline or shows no entities.' })),
};

export const Peer = named(
  'Peer',
  Type.Object(peer, {
    description:
      'Another gateway whose entities are shown, or, if `pending`, a discovered gateway that receives no requests until it is approved.',
  }),
);
export type Peer = Type.Static<typeof Peer>;

export const MeasuredPeer = named(
  'MeasuredPeer',
  Type.Object({
    ...peer,
    round_trip_ms: optional(
      Type.Number({ description: 'Response time of this request. Absent if it did not answer.' }),
    ),
  }),
);
export type MeasuredPeer = Type.Static<typeof MeasuredPeer>;

const PeerDiscovery = named(
  'PeerDiscovery',
  Type.Object(
    {
      service: Type.String({ description: '`_medkit._tcp.local`' }),
      announced_as: optional(Type.String({ description: 'Announced name of this gateway.' })),
      interfaces: Type.Array(Type.String()),
      dropped: mapOf(Type.Integer()),
    },
    {
      description: 'Settings and state of discovery, and the number of ignored messages and announcements, by reason.',
    },
  ),
);

export const PeerList = named(
  'PeerList',
  Type.Object({ items: Type.Array(MeasuredPeer), discovery: optional(PeerDiscovery) }),
);
export type PeerList = Type.Static<typeof PeerList>;

export const PeerApproval = named(
  'PeerApproval',
  Type.Object({
    url: Type.String({
      description: 'The address that the client has seen: a gateway at another address is not approved.',
    }),
  }),
);
export type PeerApproval = Type.Static<typeof PeerApproval>;
