import { oneOf } from '../schemas/compose.ts';
import {
  FLEET_ROBOT_ORDERS,
  FLEET_ROBOT_STATES,
  FleetRobotChange,
  FleetRobotList,
  FleetRobot as FleetRobotSchema,
  FleetSettled,
  FleetSettlement,
  NewFleetInvitation,
} from '../schemas/fleet.ts';
import { FLEET_PRESENCES } from '../schemas/robot-presence.ts';
import {
  robotExample as amr,
  FLEET_ERRORS,
  FLEET_FILTERS,
  FLEET_PAGING,
  fleetName,
  invitationExample,
  ROBOTS_PATH as LIST,
  ROBOT_PATH as ROBOT,
  robotParameter,
} from './fleet-parts.ts';
import type { RouteFamily } from './route.ts';

export const listFleetRobots: RouteFamily<typeof FleetRobotList> = [
  {
    method: 'get',
    path: LIST,
    operationId: 'listFleetRobots',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the robots of the fleet',
    description: 'Lists robots with presence, versions and numbers of active faults. Retired robots only if requested.',
    join: 'local',
    parameters: [
      {
        name: 'state',
        in: 'query',
        description: 'Only robots in this state; a presence selects approved robots that have it',
        schema: oneOf(...FLEET_ROBOT_STATES, ...FLEET_PRESENCES),
        example: 'pending',
      },
      {
        name: 'presence',
        in: 'query',
        description: 'Only robots with this presence',
        schema: oneOf(...FLEET_PRESENCES),
        example: 'offline',
      },
      fleetName('version', 'Only robots with this version of medkit or of their software', 'navigation-2.1.0'),
      {
        name: 'sort',
        in: 'query',
        description: 'Order: by name (default), the most severe fault first, or the longest absent first',
        schema: oneOf(...FLEET_ROBOT_ORDERS),
        example: 'severity',
      },
      ...FLEET_FILTERS,
      ...FLEET_PAGING,
    ],
    responses: { 200: { description: 'The robots', schema: FleetRobotList, example: { items: [amr], total: 1 } } },
    errors: ['invalid-parameter', ...FLEET_ERRORS],
  },
];

export const getFleetRobot: RouteFamily<typeof FleetRobotSchema> = [
  {
    method: 'get',
    path: ROBOT,
    operationId: 'getFleetRobot',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'Read a robot of the fleet',
    description: 'Returns what the hub knows of the robot. Its entities are below `/fleet/{robot}/api/v1`.',
    join: 'local',
    parameters: [robotParameter],
    responses: { 200: { description: 'The robot', schema: FleetRobotSchema, example: amr } },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];

export const changeFleetRobot: RouteFamily<typeof FleetRobotSchema, typeof FleetRobotChange> = [
  {
    method: 'put',
    path: ROBOT,
    operationId: 'changeFleetRobot',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Change the site, labels or note of a robot',
    description: 'Changes the given members; the others stay unchanged.',
    join: 'local',
    parameters: [robotParameter],
    body: {
      schema: FleetRobotChange,
      description: 'The changes',
      examples: { 'Another site': { site: 'hamburg' }, Labels: { labels: { model: 'amr-200' } } },
    },
    responses: {
      200: {
        description: 'The robot after the change',
        schema: FleetRobotSchema,
        example: { ...amr, site: 'hamburg' },
      },
    },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];

export const retireFleetRobot: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: ROBOT,
    operationId: 'retireFleetRobot',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Retire a robot',
    description: 'Ends its session and revokes its key for good. Its history stays.',
    join: 'local',
    parameters: [robotParameter],
    responses: { 204: { description: 'Retired' } },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];

export const approveFleetRobot: RouteFamily<typeof FleetRobotSchema, never> = [
  {
    method: 'post',
    path: `${ROBOT}/approve`,
    operationId: 'approveFleetRobot',
    permission: 'fleet.enrol',
    tag: 'Fleet',
    summary: 'Approve a robot that has enrolled',
    description: 'Compare the fingerprint with that of the robot first. The robot connects within 30 s.',
    join: 'local',
    parameters: [robotParameter],
    responses: { 200: { description: 'The approved robot', schema: FleetRobotSchema, example: amr } },
    errors: ['resource-not-found', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];

export const revokeFleetRobot: RouteFamily<typeof FleetRobotSchema, never> = [
  {
    method: 'post',
    path: `${ROBOT}/revoke`,
    operationId: 'revokeFleetRobot',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Revoke the key of a robot',
    description: 'Ends its session within a second. The robot continues to work alone, and is refused from then on.',
    join: 'local',
    parameters: [robotParameter],
    responses: {
      200: { description: 'The revoked robot', schema: FleetRobotSchema, example: { ...amr, state: 'revoked' } },
    },
    errors: ['resource-not-found', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];

export const rotateFleetRobot: RouteFamily<typeof FleetRobotSchema, never> = [
  {
    method: 'post',
    path: `${ROBOT}/rotate`,
    operationId: 'rotateFleetRobot',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Replace the key of a robot',
    description:
      'The robot creates a new key and proves it with the present one: now if it is connected, otherwise when it connects. Both keys are valid until the new one was used. A hub does this itself after 365 days.',
    join: 'local',
    parameters: [robotParameter],
    responses: {
      200: {
        description: 'The robot, whose new key is requested',
        schema: FleetRobotSchema,
        example: { ...amr, rotation_requested_at: '2026-03-23T08:30:00.000Z' },
      },
    },
    errors: ['resource-not-found', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];

export const replaceFleetRobot: RouteFamily<typeof NewFleetInvitation, never> = [
  {
    method: 'post',
    path: `${ROBOT}/replace`,
    operationId: 'replaceFleetRobot',
    permission: 'fleet.enrol',
    tag: 'Fleet',
    summary: 'Invite a new machine for a robot',
    description:
      'Creates an invitation for this robot. Its use revokes the previous key and begins a new log; name, site, labels and history stay.',
    join: 'local',
    parameters: [robotParameter],
    responses: { 201: { description: 'The invitation', schema: NewFleetInvitation, example: invitationExample } },
    errors: ['resource-not-found', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];

export const settleFleetRobot: RouteFamily<typeof FleetSettled, typeof FleetSettlement> = [
  {
    method: 'post',
    path: `${ROBOT}/settle`,
    operationId: 'settleFleetRobot',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'End the quarantine of a robot',
    description:
      'Two machines used the key of the robot, or its disk was restored from a copy. `keep` accepts the next machine that connects with the key; `replace` revokes the key and returns an invitation.',
    join: 'local',
    parameters: [robotParameter],
    body: {
      schema: FleetSettlement,
      description: 'The decision',
      examples: { 'The disk was restored': { action: 'keep' }, 'The disk was cloned': { action: 'replace' } },
    },
    responses: { 200: { description: 'The robot', schema: FleetSettled, example: { robot: amr } } },
    errors: ['resource-not-found', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];
