import { FleetInvitationList, FleetInvitationRequest, NewFleetInvitation } from '../schemas/fleet.ts';
import * as Type from '../schemas/type.ts';
import { FLEET_ERRORS, FLEET_PATH, invitationExample } from './fleet-parts.ts';
import type { RouteFamily } from './route.ts';

const INVITES = `${FLEET_PATH}/invites`;
const { code: _code, link: _link, ...listed } = invitationExample;

export const listFleetInvitations: RouteFamily<typeof FleetInvitationList> = [
  {
    method: 'get',
    path: INVITES,
    operationId: 'listFleetInvitations',
    permission: 'fleet.enrol',
    tag: 'Fleet',
    summary: 'List the invitations',
    description: 'Lists invitations without their codes, the newest first.',
    join: 'local',
    parameters: [],
    responses: { 200: { description: 'The invitations', schema: FleetInvitationList, example: { items: [listed] } } },
    errors: FLEET_ERRORS,
  },
];

export const createFleetInvitation: RouteFamily<typeof NewFleetInvitation, typeof FleetInvitationRequest> = [
  {
    method: 'post',
    path: INVITES,
    operationId: 'createFleetInvitation',
    permission: 'fleet.enrol',
    tag: 'Fleet',
    summary: 'Invite robots',
    description:
      'Creates an invitation, and returns its code and the link for `medkit enrol` once. A robot that uses it waits for an approval, unless `auto_approve` is set.',
    join: 'local',
    parameters: [],
    body: {
      schema: FleetInvitationRequest,
      description: 'The invitation',
      examples: {
        'One robot': { robot: 'amr-17', site: 'berlin' },
        'An image for many robots': {
          name_pattern: 'amr-{serial}',
          site: 'berlin',
          uses: 200,
          minutes: 43_200,
          auto_approve: true,
        },
      },
    },
    responses: { 201: { description: 'Created', schema: NewFleetInvitation, example: invitationExample } },
    errors: ['precondition-not-fulfilled', 'x-medkit-fleet-quota', ...FLEET_ERRORS],
  },
];

export const withdrawFleetInvitation: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: `${INVITES}/{invite}`,
    operationId: 'withdrawFleetInvitation',
    permission: 'fleet.enrol',
    tag: 'Fleet',
    summary: 'Withdraw an invitation',
    description: 'Its code is refused from now on. Robots that used it stay enrolled.',
    join: 'local',
    parameters: [
      {
        name: 'invite',
        in: 'path',
        description: 'Id of the invitation',
        schema: Type.String({ minLength: 1, maxLength: 64 }),
        example: '12',
      },
    ],
    responses: { 204: { description: 'Withdrawn' } },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];
