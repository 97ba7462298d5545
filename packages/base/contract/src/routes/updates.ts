import { oneOf } from '../schemas/compose.ts';
import * as Type from '../schemas/type.ts';
import {
  UPDATE_ID,
  UpdateArtifact,
  type UpdateArtifactContent,
  UpdateDetail,
  UpdateExecuteRequest,
  UpdateList,
  UpdateRegisterRequest,
  UpdateRegisterResponse,
  UpdateStatus,
} from '../schemas/updates.ts';
import { ARTIFACT_PART } from './artifact-part.ts';
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
      'Lists the ids of all registered updates, regardless of their status. Updates of other gateways have the id `<peer>__<id>`, also in all addresses below.',
    join: { identity: 'origin', order: 'gateway', sums: [] },
    parameters: [
      {
        name: 'origin',
        in: 'query',
        description: 'Only updates from this origin: `remote`, `proximity`',
        schema: Type.String({ minLength: 1 }),
        example: 'proximity',
      },
      {
        name: 'target-version',
        in: 'query',
        description: 'Only updates to this version',
        schema: Type.String({ minLength: 1 }),
        example: '2.1.0',
      },
      {
        name: 'expand',
        in: 'query',
        description: '`status`: includes the status of each update, and the artifacts that are not registered',
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
    description: 'Registers an update without checking it; `prepare` checks it. All members are stored unchanged.',
    parameters: [clientIdParameter],
    body: {
      schema: UpdateRegisterRequest,
      description: 'Metadata and location of the update',
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
    description: 'Returns the update as it was registered.',
    join: 'first',
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
    description: 'Deletes the update and its prepared files. A release that is in use is not deleted.',
    join: 'first',
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
      'Returns the progress and, after a failure, the reason. A task that waits for another one is `pending`; its phase names the task. The status survives a restart of the gateway.',
    join: 'first',
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
    description: 'Checks the update and stores it, without changing the robot.',
    errors: [],
  },
  execute: {
    operationId: 'executeUpdate',
    permission: 'read',
    summary: 'Execute a prepared update',
    description:
      'Replaces the release in use. If that fails, or faults appear soon after, the gateway rolls back to the previous release.',
    errors: ['x-medkit-update-not-prepared'],
  },
  automated: {
    operationId: 'automateUpdate',
    permission: 'read',
    summary: 'Prepare and execute an update',
    description: 'Prepares and executes in one request, for updates that were registered with `automated: true`.',
    errors: ['x-medkit-update-not-automated'],
  },
  'x-medkit-rollback': {
    operationId: 'rollBackUpdate',
    permission: 'read',
    summary: 'Roll back to an earlier update',
    description:
      'Replaces the release in use with an earlier stored release, even if its epoch is too low for `execute`. The gateway monitors it and rolls back as with `execute`. It need not be prepared again.',
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
      description: `${description} The gateway replies after the task has started; the status shows its progress.`,
      join: 'first',
      parameters: [updateParameter, clientIdParameter],
      responses: { 202: { description: 'Started', headers: { Location: 'Address of the status' } } },
      errors: [...TASK_ERRORS, ...errors],
    },
  ];
}

const EXECUTE_BODY = {
  required: false,
  schema: UpdateExecuteRequest,
  description: 'Conditions for the update to stay in use',
  examples: {
    'Roll back unless a client confirms it within 15 minutes': { 'x-medkit': { confirm_within_sec: 900 } },
  },
} as const;

export const prepareUpdate = task('prepare');
export const executeUpdate: RouteFamily<never, typeof UpdateExecuteRequest> = [
  { ...task('execute')[0]!, body: EXECUTE_BODY },
];
export const automateUpdate: RouteFamily<never, typeof UpdateExecuteRequest> = [
  { ...task('automated')[0]!, body: EXECUTE_BODY },
];
export const confirmUpdate: RouteFamily<never, never> = [
  {
    method: 'put',
    path: `${ITEM}/x-medkit-confirm`,
    operationId: 'confirmUpdate',
    permission: 'updates',
    tag: 'Updates',
    summary: 'Confirm an executed update',
    description:
      'Keeps an update that was executed with `confirm_within_sec`. The gateway replies after the confirmation is stored; a repeated confirmation succeeds too.',
    join: 'first',
    parameters: [updateParameter, clientIdParameter],
    responses: { 204: { description: 'Confirmed' } },
    errors: [...ITEM_ERRORS, 'precondition-not-fulfilled', 'x-medkit-confirm-late'],
  },
];
export const uploadUpdateArtifact: RouteFamily<typeof UpdateArtifact, typeof UpdateArtifactContent> = [
  {
    method: 'put',
    path: `${ITEM}/x-medkit-artifact`,
    operationId: 'uploadUpdateArtifact',
    permission: 'updates',
    tag: 'Updates',
    summary: 'Send the artifact of an update to the robot',
    description: `Stores the artifact as the folder \`<id>\` in \`updates.dir\`, and replaces one of the same id. The update need not be registered. ${ARTIFACT_PART.description} After the last byte the gateway checks the digest; the artifact appears only if it is complete.`,
    parameters: [updateParameter, ...ARTIFACT_PART.parameters, clientIdParameter],
    body: ARTIFACT_PART.body,
    responses: {
      200: {
        description: 'The artifact is complete',
        schema: UpdateArtifact,
        example: { id: update.id, size: 73_400_320, received: 73_400_320, complete: true },
      },
      202: {
        description: ARTIFACT_PART.incomplete,
        schema: UpdateArtifact,
        example: { id: update.id, size: 73_400_320, received: 1_048_576, complete: false },
      },
    },
    errors: [...PROVIDER_ERRORS, ...ARTIFACT_PART.errors],
    unusualErrors: [[408, 'invalid-request']],
  },
];
export const rollBackUpdate = task('x-medkit-rollback');
