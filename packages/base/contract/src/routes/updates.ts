import { oneOf } from '../schemas/compose.ts';
import * as Type from '../schemas/type.ts';
import {
  UPDATE_ID,
  UpdateDetail,
  UpdateList,
  UpdateRegisterRequest,
  UpdateRegisterResponse,
  UpdateStatus,
} from '../schemas/updates.ts';
import { clientIdParameter } from './client-id.ts';
import { RUNTIME_ERRORS } from './errors.ts';
import type { Parameter, RouteFamily } from './route.ts';

const COLLECTION = '/updates';
const ITEM = `${COLLECTION}/{update_id}`;

const updateParameter: Parameter = {
  name: 'update_id',
  in: 'path',
  description: 'Id of the update',
  schema: Type.String({ minLength: 1, maxLength: 256, pattern: UPDATE_ID.source }),
  example: 'navigation-2.1.0',
};

/** No update provider is installed, or the provider cannot answer. */
const PROVIDER_ERRORS = ['not-implemented', ...RUNTIME_ERRORS, 'x-medkit-plugin-error'] as const;
/** The update belongs to another gateway. */
const PEER_ERRORS = ['x-medkit-peer-unavailable'] as const;
const ITEM_ERRORS = [...PROVIDER_ERRORS, ...PEER_ERRORS, 'invalid-request', 'x-medkit-update-not-found'] as const;
const TASK_ERRORS = [...ITEM_ERRORS, 'x-medkit-update-in-progress'] as const;

const update: UpdateRegisterRequest = {
  id: 'navigation-2.1.0',
  update_name: 'Navigation stack',
  version: '2.1.0',
  automated: true,
  origins: ['proximity'],
  updated_components: ['navigation'],
  'x-medkit': { sha256: '4dca0fd5f424a31b03ab807cbae77eb32bf2d089eed1cee154b3afed458de0dc' },
};

export const listUpdates: RouteFamily<typeof UpdateList> = [
  {
    method: 'get',
    path: COLLECTION,
    operationId: 'listUpdates',
    permission: 'read',
    tag: 'Updates',
    summary: 'List the updates',
    description:
      'The ids of all that are registered, whatever became of them. Those of other gateways go by `<peer>__<id>` here, in all addresses below.',
    parameters: [
      {
        name: 'origin',
        in: 'query',
        description: 'Only those that come from there: `remote`, `proximity`',
        schema: Type.String({ minLength: 1 }),
        example: 'proximity',
      },
      {
        name: 'target-version',
        in: 'query',
        description: 'Only those that bring this version',
        schema: Type.String({ minLength: 1 }),
        example: '2.1.0',
      },
      {
        name: 'expand',
        in: 'query',
        description: '`status`: with how each of them stands, and the artifacts that are not registered',
        schema: oneOf('status'),
        example: 'status',
      },
    ],
    responses: { 200: { description: 'The updates', schema: UpdateList, example: { items: [update.id] } } },
    errors: [...PROVIDER_ERRORS, 'invalid-parameter'],
  },
];

export const registerUpdate: RouteFamily<typeof UpdateRegisterResponse, typeof UpdateRegisterRequest> = [
  {
    method: 'post',
    path: COLLECTION,
    operationId: 'registerUpdate',
    permission: 'updates',
    tag: 'Updates',
    summary: 'Register an update',
    description:
      'Makes an update known; nothing of it is looked at before it is prepared. All members are kept as they are.',
    parameters: [clientIdParameter],
    body: {
      schema: UpdateRegisterRequest,
      description: 'What it is, what it changes, and where it is',
      examples: { 'A signed folder in `updates.dir`': update },
    },
    responses: {
      201: {
        description: 'Registered',
        schema: UpdateRegisterResponse,
        example: { id: update.id },
        headers: { Location: 'Address of the update' },
      },
    },
    errors: [...PROVIDER_ERRORS, 'invalid-request', 'x-medkit-update-already-exists', 'x-medkit-storage-full'],
  },
];

export const getUpdate: RouteFamily<typeof UpdateDetail> = [
  {
    method: 'get',
    path: ITEM,
    operationId: 'getUpdate',
    permission: 'read',
    tag: 'Updates',
    summary: 'Show an update',
    description: 'As it was registered.',
    parameters: [updateParameter],
    responses: { 200: { description: 'The update', schema: UpdateDetail, example: update } },
    errors: ITEM_ERRORS,
  },
];

export const deleteUpdate: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: ITEM,
    operationId: 'deleteUpdate',
    permission: 'updates',
    tag: 'Updates',
    summary: 'Delete an update',
    description: 'Forgets it, with what was prepared of it. What is in use is not deleted.',
    parameters: [updateParameter, clientIdParameter],
    responses: { 204: { description: 'Deleted' } },
    errors: [...TASK_ERRORS, 'precondition-not-fulfilled'],
  },
];

export const getUpdateStatus: RouteFamily<typeof UpdateStatus> = [
  {
    method: 'get',
    path: `${ITEM}/status`,
    operationId: 'getUpdateStatus',
    permission: 'read',
    tag: 'Updates',
    summary: 'Show the status of an update',
    description:
      'How far it is and, where it failed, why. A task that waits for another one is `pending` while its phase tells which it is. A restart of the gateway loses nothing of it.',
    parameters: [updateParameter],
    responses: {
      200: {
        description: 'The status',
        schema: UpdateStatus,
        example: {
          status: 'failed',
          error: 'navigation-2.1.0 was rolled back: fault NAV_PLANNER_TIMEOUT was confirmed',
          'x-medkit-phase': 'failed',
          'x-medkit': {
            phase: 'failed',
            error: {
              error_code: 'vendor-error',
              vendor_code: 'x-medkit-update-rolled-back',
              message: 'navigation-2.1.0 was rolled back: fault NAV_PLANNER_TIMEOUT was confirmed',
              parameters: { reason: 'fault', fault_codes: ['NAV_PLANNER_TIMEOUT'] },
            },
          },
        },
      },
    },
    errors: ITEM_ERRORS,
  },
];

const TASKS = {
  prepare: {
    operationId: 'prepareUpdate',
    permission: 'read',
    summary: 'Prepare an update',
    description: 'Checks it and puts it in its place, with nothing of the robot changed.',
    errors: [],
  },
  execute: {
    operationId: 'executeUpdate',
    permission: 'read',
    summary: 'Execute an update that is prepared',
    description:
      'Lets it take the place of what is in use. Where that fails, or faults appear soon after, what was in use before is put back.',
    errors: ['x-medkit-update-not-prepared'],
  },
  automated: {
    operationId: 'automateUpdate',
    permission: 'read',
    summary: 'Prepare and execute an update',
    description: 'Both in one go, for updates that were registered with `automated: true`.',
    errors: ['x-medkit-update-not-automated'],
  },
  'x-medkit-rollback': {
    operationId: 'rollBackUpdate',
    permission: 'read',
    summary: 'Take an update into use again',
    description:
      'Lets a release that was in use before, and is kept, take the place of what is in use, also one that is too old to be executed. Watched and put back as with `execute`; it need not be prepared.',
    errors: [],
  },
} as const;

function task(name: keyof typeof TASKS): RouteFamily<never, never> {
  const { operationId, summary, description, errors } = TASKS[name];
  return [
    {
      method: 'put',
      path: `${ITEM}/${name}`,
      operationId,
      permission: 'updates',
      tag: 'Updates',
      summary,
      description: `${description} Answers once it is on its way; the status tells how it goes on.`,
      parameters: [updateParameter, clientIdParameter],
      responses: { 202: { description: 'On its way', headers: { Location: 'Address of the status' } } },
      errors: [...TASK_ERRORS, ...errors],
    },
  ];
}

export const prepareUpdate = task('prepare');
export const executeUpdate = task('execute');
export const automateUpdate = task('automated');
export const rollBackUpdate = task('x-medkit-rollback');
