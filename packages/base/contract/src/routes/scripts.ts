import {
  ScriptControlRequest,
  ScriptExecution,
  ScriptExecutionList,
  ScriptList,
  ScriptMetadata,
  ScriptStartRequest,
  ScriptUpload,
  ScriptUploadResponse,
} from '../schemas/scripts.ts';
import * as Type from '../schemas/type.ts';
import { clientIdParameter } from './client-id.ts';
import { type EntityKind, entityPath, type KindTerms } from './entity-kinds.ts';
import { ENTITY_ERRORS, RUNTIME_ERRORS } from './errors.ts';
import { entityParameter } from './parameters.ts';
import { type Parameter, perKind } from './route.ts';

/** Kinds of entity that have scripts. */
const SCRIPTED: readonly EntityKind[] = ['app', 'component'];

const idSchema = Type.String({ minLength: 1, maxLength: 256, pattern: '^[A-Za-z0-9_-]+$' });
const scriptParameter: Parameter = {
  name: 'script_id',
  in: 'path',
  description: 'Id of the script',
  schema: idSchema,
  example: 'check_lidar_health',
};
const executionParameter: Parameter = {
  name: 'execution_id',
  in: 'path',
  description: 'Id of the execution',
  schema: idSchema,
  example: 'exec_001',
};

const COLLECTION_ERRORS = [...ENTITY_ERRORS, 'not-implemented', ...RUNTIME_ERRORS] as const;
const SCRIPT_ERRORS = [...COLLECTION_ERRORS, 'resource-not-found'] as const;

const script: ScriptMetadata = {
  id: 'check_lidar_health',
  name: 'check_lidar_health.sh',
  description: '',
  href: '/api/v1/apps/lidar_driver/scripts/check_lidar_health',
  managed: false,
  proximity_proof_required: false,
};
const running: ScriptExecution = {
  id: 'exec_001',
  status: 'running',
  progress: 50,
  started_at: '2026-03-23T02:14:33Z',
  completed_at: null,
};

const collectionOf = (terms: KindTerms) => `${entityPath(terms)}/scripts`;
const scriptOf = (terms: KindTerms) => `${collectionOf(terms)}/{script_id}`;
const executionsOf = (terms: KindTerms) => `${scriptOf(terms)}/executions`;
const executionOf = (terms: KindTerms) => `${executionsOf(terms)}/{execution_id}`;

export const listScripts = perKind<typeof ScriptList, never>(
  (terms) => ({
    method: 'get',
    path: collectionOf(terms),
    operationId: `list${terms.cap}Scripts`,
    permission: 'read',
    tag: 'Scripts',
    summary: `List the scripts of ${terms.a}`,
    description: 'Lists the scripts of the manifest for this entity, and the scripts that were uploaded to it.',
    kind: terms.kind,
    join: 'owner',
    parameters: [entityParameter(terms)],
    responses: { 200: { description: 'The scripts', schema: ScriptList, example: { items: [script] } } },
    errors: COLLECTION_ERRORS,
  }),
  SCRIPTED,
);

export const uploadScript = perKind<typeof ScriptUploadResponse, typeof ScriptUpload>(
  (terms) => ({
    method: 'post',
    path: collectionOf(terms),
    operationId: `upload${terms.cap}Script`,
    permission: 'scripts.write',
    tag: 'Scripts',
    summary: `Upload a script to ${terms.a}`,
    description:
      'Stores a script. Its id is the name of the file without the extension; if that is not a valid id, the gateway generates one. The gateway replies after the script is safely on disk.',
    kind: terms.kind,
    parameters: [entityParameter(terms), clientIdParameter],
    body: {
      schema: ScriptUpload,
      media: 'multipart/form-data',
      description: 'The script and its metadata',
      examples: { 'A check of the LiDAR': { file: '…', metadata: '{"description": "Range, rate and temperature"}' } },
    },
    responses: {
      201: {
        description: 'Stored',
        schema: ScriptUploadResponse,
        example: { id: 'check_lidar_health', name: 'check_lidar_health.sh' },
        headers: { Location: 'Address of the script' },
      },
    },
    errors: [
      ...COLLECTION_ERRORS,
      'x-medkit-script-already-exists',
      'x-medkit-script-too-large',
      'x-medkit-storage-full',
    ],
  }),
  SCRIPTED,
);

export const getScript = perKind<typeof ScriptMetadata, never>(
  (terms) => ({
    method: 'get',
    path: scriptOf(terms),
    operationId: `get${terms.cap}Script`,
    permission: 'read',
    tag: 'Scripts',
    summary: `Show a script of ${terms.a}`,
    description: 'Returns the script with its parameters and the digest of the uploaded file.',
    kind: terms.kind,
    parameters: [entityParameter(terms), scriptParameter],
    responses: { 200: { description: 'The script', schema: ScriptMetadata, example: script } },
    errors: SCRIPT_ERRORS,
  }),
  SCRIPTED,
);

export const deleteScript = perKind<never, never>(
  (terms) => ({
    method: 'delete',
    path: scriptOf(terms),
    operationId: `delete${terms.cap}Script`,
    permission: 'scripts.write',
    tag: 'Scripts',
    summary: `Delete a script of ${terms.a}`,
    description: 'Deletes an uploaded script and its executions.',
    kind: terms.kind,
    parameters: [entityParameter(terms), scriptParameter, clientIdParameter],
    responses: { 204: { description: 'Deleted' } },
    errors: [...SCRIPT_ERRORS, 'x-medkit-managed-script', 'x-medkit-script-running'],
  }),
  SCRIPTED,
);

export const startScriptExecution = perKind<typeof ScriptExecution, typeof ScriptStartRequest>(
  (terms) => ({
    method: 'post',
    path: executionsOf(terms),
    operationId: `start${terms.cap}ScriptExecution`,
    permission: 'scripts.run',
    tag: 'Scripts',
    summary: `Run a script of ${terms.a}`,
    description:
      'Runs the script in a separate process group, in a new folder and a clean environment, until it ends or times out. The gateway verifies the digest of the file first.',
    kind: terms.kind,
    parameters: [entityParameter(terms), scriptParameter, clientIdParameter],
    body: {
      schema: ScriptStartRequest,
      description: 'Start time and parameters',
      examples: {
        Now: { execution_type: 'now' },
        'With parameters': { execution_type: 'now', parameters: { beams: 16 } },
      },
    },
    responses: {
      202: {
        description: 'The script is running',
        schema: ScriptExecution,
        example: { ...running, progress: null },
        headers: { Location: 'Address of the execution' },
      },
    },
    errors: [...SCRIPT_ERRORS, 'precondition-not-fulfilled', 'x-medkit-concurrency-limit'],
  }),
  SCRIPTED,
);

export const listScriptExecutions = perKind<typeof ScriptExecutionList, never>(
  (terms) => ({
    method: 'get',
    path: executionsOf(terms),
    operationId: `list${terms.cap}ScriptExecutions`,
    permission: 'read',
    tag: 'Scripts',
    summary: `List the executions of a script of ${terms.a}`,
    description:
      'Lists running and recently ended executions, newest first, without their output. The list survives a restart of the gateway.',
    kind: terms.kind,
    join: 'owner',
    parameters: [entityParameter(terms), scriptParameter],
    responses: { 200: { description: 'The executions', schema: ScriptExecutionList, example: { items: [running] } } },
    errors: SCRIPT_ERRORS,
  }),
  SCRIPTED,
);

export const getScriptExecution = perKind<typeof ScriptExecution, never>(
  (terms) => ({
    method: 'get',
    path: executionOf(terms),
    operationId: `get${terms.cap}ScriptExecution`,
    permission: 'read',
    tag: 'Scripts',
    summary: `Show an execution of a script of ${terms.a}`,
    description: 'Returns the status, the output so far, and the result.',
    kind: terms.kind,
    parameters: [entityParameter(terms), scriptParameter, executionParameter],
    responses: { 200: { description: 'The execution', schema: ScriptExecution, example: running } },
    errors: SCRIPT_ERRORS,
  }),
  SCRIPTED,
);

export const controlScriptExecution = perKind<typeof ScriptExecution, typeof ScriptControlRequest>(
  (terms) => ({
    method: 'put',
    path: executionOf(terms),
    operationId: `control${terms.cap}ScriptExecution`,
    permission: 'scripts.run',
    tag: 'Scripts',
    summary: `End an execution of a script of ${terms.a}`,
    description: 'Ends all processes of the group. The gateway replies after they have ended.',
    kind: terms.kind,
    parameters: [entityParameter(terms), scriptParameter, executionParameter, clientIdParameter],
    body: {
      schema: ScriptControlRequest,
      description: 'How to end it',
      examples: { Stop: { action: 'stop' }, Kill: { action: 'forced_termination' } },
    },
    responses: {
      200: {
        description: 'The execution has ended',
        schema: ScriptExecution,
        example: {
          ...running,
          status: 'terminated',
          completed_at: '2026-03-23T02:14:41Z',
          error: { message: 'Script was stopped by request', reason: 'stopped' },
        },
      },
    },
    errors: [...SCRIPT_ERRORS, 'x-medkit-script-not-running'],
  }),
  SCRIPTED,
);

export const removeScriptExecution = perKind<never, never>(
  (terms) => ({
    method: 'delete',
    path: executionOf(terms),
    operationId: `remove${terms.cap}ScriptExecution`,
    permission: 'scripts.run',
    tag: 'Scripts',
    summary: `Delete an execution of a script of ${terms.a}`,
    description: 'Deletes the record of an ended execution.',
    kind: terms.kind,
    parameters: [entityParameter(terms), scriptParameter, executionParameter, clientIdParameter],
    responses: { 204: { description: 'Deleted' } },
    errors: [...SCRIPT_ERRORS, 'x-medkit-script-running'],
  }),
  SCRIPTED,
);
