import { mapOf, named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

export const PeerClock = named(
  'PeerClock',
  Type.Object(
    {
      offset_ms: Type.Number({ description: 'How far its clock is ahead of the one here; behind it where negative.' }),
      uncertainty_ms: Type.Number({
        description: 'The offset is off by no more than this: half of what the round trip took.',
      }),
      measured_at: optional(Type.String({ description: 'When it was seen last, RFC 3339, by the clock here.' })),
    },
    { description: 'The clock of another gateway beside the one here.' },
  ),
);
export type PeerClock = Type.Static<typeof PeerClock>;

/** Part of a list that merges several gateways, whose items keep the timestamps of their gateway. */
export const PeerClocks = mapOf(
  PeerClock,
  'How far the clock of each gateway is ahead of the one here: a time of its own less its `offset_ms` is the time here. What stands in the order of time is in the order of these.',
);

const peer = {
  name: Type.String({ description: 'What it goes by here.' }),
  url: Type.String(),
  status: oneOf('online', 'offline', 'pending'),
  discovered: optional(
    Type.Boolean({ description: 'It was found on the network; the configuration does not name it.' }),
  ),
  entities: Type.Integer({ description: 'Entities that are shown of it.' }),
  clock: optional(PeerClock),
  last_seen: optional(Type.String({ description: 'When it was heard of last, RFC 3339. Absent where it never was.' })),
  problem: optional(Type.String({ description: 'Why it is not there, or shows nothing.' })),
};

export const Peer = named(
  'Peer',
  Type.Object(peer, {
    description:
      'Another gateway whose entities are shown here, or, `pending`, one that was found and of which nothing is asked until it is approved.',
  }),
);
export type Peer = Type.Static<typeof Peer>;

export const MeasuredPeer = named(
  'MeasuredPeer',
  Type.Object({
    ...peer,
    round_trip_ms: optional(
      Type.Number({ description: 'How long it took to answer just now. Absent where it does not answer.' }),
    ),
  }),
);
export type MeasuredPeer = Type.Static<typeof MeasuredPeer>;

const PeerDiscovery = named(
  'PeerDiscovery',
  Type.Object(
    {
      service: Type.String({ description: '`_medkit._tcp.local`' }),
      announced_as: optional(Type.String({ description: 'What this gateway is announced as.' })),
      interfaces: Type.Array(Type.String()),
      dropped: mapOf(Type.Integer()),
    },
    { description: 'How gateways are looked for, and how many messages and announcements were not taken, by reason.' },
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
    url: Type.String({ description: 'Where whoever approves it has seen it: at another address it is not approved.' }),
  }),
);
export type PeerApproval = Type.Static<typeof PeerApproval>;
