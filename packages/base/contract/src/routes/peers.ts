import { PeerApproval, PeerList } from '../schemas/peers.ts';
import * as Type from '../schemas/type.ts';
import type { Parameter, RouteFamily } from './route.ts';

const nameParameter: Parameter = {
  name: 'peer_name',
  in: 'path',
  description: 'Name of the other gateway on this gateway',
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
    summary: 'List the other gateways',
    description:
      'Lists each gateway with its name, whether it is online, the number of its entities, and the problem if there is one. Measures the response time of those that are online, for at most one second. Gateways that were found on the network and are not approved yet are `pending`. The list is empty if `aggregation.enabled` is off.',
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The gateways: first those of the configuration, in its order',
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
    summary: 'Approve a gateway that was found on the network',
    description:
      'Shows the entities of the gateway from now on, also after a restart, as long as it announces itself at this address. At another address it needs a new approval. If the configuration has a token for its name, the token is sent to this address.',
    parameters: [nameParameter],
    body: {
      schema: PeerApproval,
      description: 'The announced address',
      examples: { 'As the list shows it': { url: 'http://10.0.0.7:8080' } },
    },
    responses: { 204: { description: 'Approved' } },
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
    summary: 'Revoke the approval of a gateway',
    description:
      'Removes its entities. While it announces itself, it is `pending` again. A gateway that proves that it knows the token of its name stays visible.',
    parameters: [nameParameter],
    responses: { 204: { description: 'The approval is revoked' } },
    errors: ['not-implemented', 'resource-not-found', 'service-unavailable'],
  },
];
