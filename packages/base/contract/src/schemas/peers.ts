import { named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

const peer = {
  name: Type.String({ description: 'What it goes by here.' }),
  url: Type.String(),
  status: oneOf('online', 'offline'),
  entities: Type.Integer({ description: 'Entities that are shown of it.' }),
  last_seen: optional(Type.String({ description: 'When it was heard of last, RFC 3339. Absent where it never was.' })),
  problem: optional(Type.String({ description: 'Why it is not there, or shows nothing.' })),
};

export const Peer = named('Peer', Type.Object(peer, { description: 'Another gateway whose entities are shown here.' }));
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

export const PeerList = named('PeerList', Type.Object({ items: Type.Array(MeasuredPeer) }));
export type PeerList = Type.Static<typeof PeerList>;
