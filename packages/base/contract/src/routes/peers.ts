import { PeerList } from '../schemas/peers.ts';
import type { RouteFamily } from './route.ts';

export const listPeers: RouteFamily<typeof PeerList> = [
  {
    method: 'get',
    path: '/x-medkit-peers',
    operationId: 'listPeers',
    permission: 'read',
    tag: 'Server',
    summary: 'List the other gateways that are shown here',
    description:
      'Each with what it goes by, whether it is there, how many entities it shows, and why not where something is wrong. Those that are there are asked how long they take to answer, for a second at most. Empty where `aggregation.enabled` is off.',
    parameters: [],
    responses: {
      200: {
        description: 'The gateways, in the order of the configuration',
        schema: PeerList,
        example: {
          items: [
            {
              name: 'arm',
              url: 'http://10.0.0.7:8080',
              status: 'online',
              entities: 41,
              last_seen: '2026-03-23T02:15:33.120Z',
              round_trip_ms: 1.8,
            },
            {
              name: 'planning',
              url: 'https://planning.lan:8443',
              status: 'offline',
              entities: 0,
              problem:
                'The gateway planning at https://planning.lan:8443 does not answer: connect ECONNREFUSED 10.0.0.8:8443',
            },
          ],
        },
      },
    },
    errors: [],
  },
];
