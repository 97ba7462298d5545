import {
  MAX_OUTPUT_CHARS,
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
import type { EntityKind } from './entity-kinds.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS, RUNTIME_ERRORS } from './errors.ts';
import type { Parameter } from './route.ts';

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

const maxOutputParameter: Parameter = {
  name: 'max_output',
  in: 'query',
  description:
    'Truncates `stdout` and `stderr` to so many characters. `parameters` is left out if the output is longer',
  schema: Type.Integer({ minimum: 0, maximum: MAX_OUTPUT_CHARS }),
  example: 1024,
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

const COLLECTION = '/scripts';
const SCRIPT = `${COLLECTION}/{script_id}`;
const EXECUTIONS = `${SCRIPT}/executions`;
const EXECUTION = `${EXECUTIONS}/{execution_id}`;

export const listScripts = entityRoutes<typeof ScriptList, never>(
  (terms) => ({
    method: 'get',
    path: COLLECTION,
    operationId: `list${terms.cap}Scripts`,
    permission: 'read',
    tag: 'Scripts',
    summary: `List the scripts of ${terms.a}`,
    description: 'Lists the scripts of the manifest for this entity, and the scripts that were uploaded to it.',
    join: 'owner',
    responses: { 200: { description: 'The scripts', schema: ScriptList, example: { items: [script] } } },
    errors: COLLECTION_ERRORS,
  }),
  SCRIPTED,
);

export const uploadScript = entityRoutes<typeof ScriptUploadResponse, typeof ScriptUpload>(
  (terms) => ({
    method: 'post',
    path: COLLECTION,
    operationId: `upload${terms.cap}Script`,
    permission: 'scripts.write',
    tag: 'Scripts',
    summary: `Upload a script to ${terms.a}`,
    description:
      'Stores a script. Its id is the name of the file without the extension; if that is not a valid id, the gateway generates one. The gateway replies after the script is safely on disk.',
    parameters: [clientIdParameter],
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

export const getScript = entityRoutes<typeof ScriptMetadata, never>(
  (terms) => ({
    method: 'get',
    path: SCRIPT,
    operationId: `get${terms.cap}Script`,
    permission: 'read',
    tag: 'Scripts',
    summary: `Show a script of ${terms.a}`,
    description: 'Returns the script with its parameters and the digest of the uploaded file.',
    parameters: [scriptParameter],
    responses: { 200: { description: 'The script', schema: ScriptMetadata, example: script } },
    errors: SCRIPT_ERRORS,
  }),
  SCRIPTED,
);

export const deleteScript = entityRoutes<never, never>(
  (terms) => ({
    method: 'delete',
    path: SCRIPT,
    operationId: `delete${terms.cap}Script`,
    permission: 'scripts.write',
    tag: 'Scripts',
    summary: `Delete a script of ${terms.a}`,
    description: 'Deletes an uploaded script and its executions.',
    parameters: [scriptParameter, clientIdParameter],
    responses: { 204: { description: 'Deleted' } },
    errors: [...SCRIPT_ERRORS, 'x-medkit-managed-script', 'x-medkit-script-running'],
  }),
  SCRIPTED,
);

export const startScriptExecution = entityRoutes<typeof ScriptExecution, typeof ScriptStartRequest>(
  (terms) => ({
    method: 'post',
    path: EXECUTIONS,
    operationId: `start${terms.cap}ScriptExecution`,
    permission: 'scripts.run',
    tag: 'Scripts',
    summary: `Run a script of ${terms.a}`,
    description:
      'Runs the script in a separate process group, in a new folder and a clean environment, until it ends or times out. The gateway verifies the digest of the file first.',
    parameters: [scriptParameter, clientIdParameter],
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

export const listScriptExecutions = entityRoutes<typeof ScriptExecutionList, never>(
  (terms) => ({
    method: 'get',
    path: EXECUTIONS,
    operationId: `list${terms.cap}ScriptExecutions`,
    permission: 'read',
    tag: 'Scripts',
    summary: `List the executions of a script of ${terms.a}`,
    description:
      'Lists running and recently ended executions, newest first, without their output. The list survives a restart of the gateway.',
    join: 'owner',
    parameters: [scriptParameter],
    responses: { 200: { description: 'The executions', schema: ScriptExecutionList, example: { items: [running] } } },
    errors: SCRIPT_ERRORS,
  }),
  SCRIPTED,
);

export const getScriptExecution = entityRoutes<typeof ScriptExecution, never>(
  (terms) => ({
    method: 'get',
    path: EXECUTION,
    operationId: `get${terms.cap}ScriptExecution`,
    permission: 'read',
    tag: 'Scripts',
    summary: `Show an execution of a script of ${terms.a}`,
    description: 'Returns the status, the output so far, and the result.',
    parameters: [scriptParameter, executionParameter, maxOutputParameter],
    responses: { 200: { description: 'The execution', schema: ScriptExecution, example: running } },
    errors: SCRIPT_ERRORS,
  }),
  SCRIPTED,
);

export const controlScriptExecution = entityRoutes<typeof ScriptExecution, typeof ScriptControlRequest>(
  (terms) => ({
    method: 'put',
    path: EXECUTION,
    operationId: `control${terms.cap}ScriptExecution`,
    permission: 'scripts.run',
    tag: 'Scripts',
    summary: `End an execution of a script of ${terms.a}`,
    description: 'Ends all processes of the group. The gateway replies after they have ended.',
    parameters: [scriptParameter, executionParameter, clientIdParameter],
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

export const removeScriptExecution = entityRoutes<never, never>(
  (terms) => ({
    method: 'delete',
    path: EXECUTION,
    operationId: `remove${terms.cap}ScriptExecution`,
    permission: 'scripts.run',
    tag: 'Scripts',
    summary: `Delete an execution of a script of ${terms.a}`,
    description: 'Deletes the record of an ended execution.',
    parameters: [scriptParameter, executionParameter, clientIdParameter],
    responses: { 204: { description: 'Deleted' } },
    errors: [...SCRIPT_ERRORS, 'x-medkit-script-running'],
  }),
  SCRIPTED,
);
