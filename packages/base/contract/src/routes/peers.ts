import { PeerApproval, PeerList } from '../schemas/peers.ts';
import * as Type from '../schemas/type.ts';
import type { Parameter, RouteFamily } from './route.ts';

const nameParameter: Parameter = {
  name: 'peer_name',
  in: 'path',
  description: 'What the gateway goes by here',
  schema: Type.String({ minLength: 1 }),
  example: 'arm',
};

export const listPeers: RouteFamily<typeof PeerList> = [
  {
    method: 'get',
    path: '/x-medkit-peers',
    operationId: 'listPeers',
    permission: 'read',
    tag: 'Server',
    summary: 'List the other gateways that are shown here',
    description:
      'Each with what it goes by, whether it is there, how many entities it shows, and why not where something is wrong. Those that are there are asked how long they take to answer, for a second at most. Those that were found on the network and wait to be approved are `pending`. Empty where `aggregation.enabled` is off.',
    parameters: [],
    responses: {
      200: {
        description: 'The gateways, those of the configuration first and in its order',
        schema: PeerList,
        example: {
          items: [
            {
              name: 'arm',
              url: 'http://10.0.0.7:8080',
              status: 'online',
              entities: 41,
              clock: { offset_ms: 12.4, uncertainty_ms: 0.9, measured_at: '2026-03-23T02:15:20.004Z' },
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

export const approvePeer: RouteFamily<never, typeof PeerApproval> = [
  {
    method: 'put',
    path: '/x-medkit-peers/{peer_name}/approval',
    operationId: 'approvePeer',
    permission: 'peers',
    tag: 'Server',
    summary: 'Let a gateway in that was found on the network',
    description:
      'Its entities are shown from now on, also after a restart, as long as it announces itself at this address; at another one it waits to be approved again. Its token, where the configuration has one for its name, is sent to this address.',
    parameters: [nameParameter],
    body: {
      schema: PeerApproval,
      description: 'The address that was seen',
      examples: { 'As the list shows it': { url: 'http://10.0.0.7:8080' } },
    },
    responses: { 204: { description: 'It is let in' } },
    errors: ['not-implemented', 'resource-not-found', 'precondition-not-fulfilled', 'service-unavailable'],
  },
];

export const forgetPeer: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: '/x-medkit-peers/{peer_name}/approval',
    operationId: 'forgetPeer',
    permission: 'peers',
    tag: 'Server',
    summary: 'Take the approval of a gateway back',
    description:
      'Its entities are gone, and it waits to be approved again while it announces itself. One that knows the token of its name is shown still.',
    parameters: [nameParameter],
    responses: { 204: { description: 'It is not approved any more' } },
    errors: ['not-implemented', 'resource-not-found', 'service-unavailable'],
  },
];
