import {
  type FleetGroup,
  FleetGroupList,
  FleetGroup as FleetGroupSchema,
  FleetGroupSelector,
  MAX_FLEET_GROUPS,
  NewFleetGroup,
} from '../schemas/fleet.ts';
import * as Type from '../schemas/type.ts';
import { FLEET_ERRORS, FLEET_PATH } from './fleet-parts.ts';
import type { Parameter, RouteFamily } from './route.ts';

const GROUPS = `${FLEET_PATH}/groups`;

const groupParameter: Parameter = {
  name: 'group',
  in: 'path',
  description: 'Name of the group',
  schema: Type.String({ minLength: 1, maxLength: 128 }),
  example: 'berlin-amr-200',
};

const selector = { site: 'berlin', labels: ['model=amr-200'] };
const group: FleetGroup = {
  id: 'berlin-amr-200',
  ...selector,
  changed_at: '2026-03-20T09:00:00.000Z',
  changed_by: 'alice',
};

export const listFleetGroups: RouteFamily<typeof FleetGroupList> = [
  {
    method: 'get',
    path: GROUPS,
    operationId: 'listFleetGroups',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the groups of robots',
    description:
      'Lists groups, by name. A group is a saved filter: `group` of the list of robots and of faults uses it.',
    join: 'local',
    parameters: [],
    responses: { 200: { description: 'The groups', schema: FleetGroupList, example: { items: [group] } } },
    errors: FLEET_ERRORS,
  },
];

export const createFleetGroup: RouteFamily<typeof FleetGroupSchema, typeof NewFleetGroup> = [
  {
    method: 'post',
    path: GROUPS,
    operationId: 'createFleetGroup',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Create a group of robots',
    description: `Saves a filter under a name. A hub has at most ${MAX_FLEET_GROUPS} groups.`,
    join: 'local',
    parameters: [],
    body: {
      schema: NewFleetGroup,
      description: 'Name and filter',
      examples: { 'Robots of a model at a site': { id: group.id, ...selector } },
    },
    responses: { 201: { description: 'Created', schema: FleetGroupSchema, example: group } },
    errors: ['invalid-parameter', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];

export const changeFleetGroup: RouteFamily<typeof FleetGroupSchema, typeof FleetGroupSelector> = [
  {
    method: 'put',
    path: `${GROUPS}/{group}`,
    operationId: 'changeFleetGroup',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Change the filter of a group',
    description: 'Replaces the filter; omitted members match all robots.',
    join: 'local',
    parameters: [groupParameter],
    body: {
      schema: FleetGroupSelector,
      description: 'The filter',
      examples: { 'Robots of a site': { site: 'berlin' } },
    },
    responses: { 200: { description: 'The group', schema: FleetGroupSchema, example: group } },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];

export const deleteFleetGroup: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: `${GROUPS}/{group}`,
    operationId: 'deleteFleetGroup',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Delete a group of robots',
    description: 'Its robots stay.',
    join: 'local',
    parameters: [groupParameter],
    responses: { 204: { description: 'Deleted' } },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];
