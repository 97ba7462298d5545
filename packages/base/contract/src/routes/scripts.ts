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
import { type EntityKind, entityPath, type KindWords } from './entity-kinds.ts';
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

const collectionOf = (words: KindWords) => `${entityPath(words)}/scripts`;
const scriptOf = (words: KindWords) => `${collectionOf(words)}/{script_id}`;
const executionsOf = (words: KindWords) => `${scriptOf(words)}/executions`;
const executionOf = (words: KindWords) => `${executionsOf(words)}/{execution_id}`;

export const listScripts = perKind<typeof ScriptList, never>(
  (words) => ({
    method: 'get',
    path: collectionOf(words),
    operationId: `list${words.cap}Scripts`,
    permission: 'read',
    tag: 'Scripts',
    summary: `List the scripts of ${words.a}`,
    description: 'Those of the manifest that are for it, and those that were uploaded to it.',
    kind: words.kind,
    parameters: [entityParameter(words)],
    responses: { 200: { description: 'The scripts', schema: ScriptList, example: { items: [script] } } },
    errors: COLLECTION_ERRORS,
  }),
  SCRIPTED,
);

export const uploadScript = perKind<typeof ScriptUploadResponse, typeof ScriptUpload>(
  (words) => ({
    method: 'post',
    path: collectionOf(words),
    operationId: `upload${words.cap}Script`,
    permission: 'scripts.write',
    tag: 'Scripts',
    summary: `Upload a script to ${words.a}`,
    description:
      'Keeps a script that can be run from then on. Its id is the name of the file without the extension; a file whose name is no id gets one. The reply comes once it is safe on disk.',
    kind: words.kind,
    parameters: [entityParameter(words), clientIdParameter],
    body: {
      schema: ScriptUpload,
      media: 'multipart/form-data',
      description: 'The script, and what is to be known of it',
      examples: { 'A check of the LiDAR': { file: '…', metadata: '{"description": "Range, rate and temperature"}' } },
    },
    responses: {
      201: {
        description: 'Kept',
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
  (words) => ({
    method: 'get',
    path: scriptOf(words),
    operationId: `get${words.cap}Script`,
    permission: 'read',
    tag: 'Scripts',
    summary: `Show a script of ${words.a}`,
    description: 'What it is, what parameters it takes, and the digest of what was uploaded.',
    kind: words.kind,
    parameters: [entityParameter(words), scriptParameter],
    responses: { 200: { description: 'The script', schema: ScriptMetadata, example: script } },
    errors: SCRIPT_ERRORS,
  }),
  SCRIPTED,
);

export const deleteScript = perKind<never, never>(
  (words) => ({
    method: 'delete',
    path: scriptOf(words),
    operationId: `delete${words.cap}Script`,
    permission: 'scripts.write',
    tag: 'Scripts',
    summary: `Delete a script of ${words.a}`,
    description: 'Deletes a script that was uploaded, with its executions.',
    kind: words.kind,
    parameters: [entityParameter(words), scriptParameter, clientIdParameter],
    responses: { 204: { description: 'Deleted' } },
    errors: [...SCRIPT_ERRORS, 'x-medkit-managed-script', 'x-medkit-script-running'],
  }),
  SCRIPTED,
);

export const startScriptExecution = perKind<typeof ScriptExecution, typeof ScriptStartRequest>(
  (words) => ({
    method: 'post',
    path: executionsOf(words),
    operationId: `start${words.cap}ScriptExecution`,
    permission: 'scripts.run',
    tag: 'Scripts',
    summary: `Run a script of ${words.a}`,
    description:
      'Runs it in a process group of its own, in a fresh folder and a clean environment, until it ends or its time is over. The file is checked against its digest before.',
    kind: words.kind,
    parameters: [entityParameter(words), scriptParameter, clientIdParameter],
    body: {
      schema: ScriptStartRequest,
      description: 'When, and with what',
      examples: {
        Now: { execution_type: 'now' },
        'With parameters': { execution_type: 'now', parameters: { beams: 16 } },
      },
    },
    responses: {
      202: {
        description: 'It runs',
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
  (words) => ({
    method: 'get',
    path: executionsOf(words),
    operationId: `list${words.cap}ScriptExecutions`,
    permission: 'read',
    tag: 'Scripts',
    summary: `List the executions of a script of ${words.a}`,
    description:
      'Those under way and those that ended lately, the newest first, without what they wrote. A restart of the gateway loses none.',
    kind: words.kind,
    parameters: [entityParameter(words), scriptParameter],
    responses: { 200: { description: 'The executions', schema: ScriptExecutionList, example: { items: [running] } } },
    errors: SCRIPT_ERRORS,
  }),
  SCRIPTED,
);

export const getScriptExecution = perKind<typeof ScriptExecution, never>(
  (words) => ({
    method: 'get',
    path: executionOf(words),
    operationId: `get${words.cap}ScriptExecution`,
    permission: 'read',
    tag: 'Scripts',
    summary: `Show an execution of a script of ${words.a}`,
    description: 'How far it is, what it wrote so far, and what it ended with.',
    kind: words.kind,
    parameters: [entityParameter(words), scriptParameter, executionParameter],
    responses: { 200: { description: 'The execution', schema: ScriptExecution, example: running } },
    errors: SCRIPT_ERRORS,
  }),
  SCRIPTED,
);

export const controlScriptExecution = perKind<typeof ScriptExecution, typeof ScriptControlRequest>(
  (words) => ({
    method: 'put',
    path: executionOf(words),
    operationId: `control${words.cap}ScriptExecution`,
    permission: 'scripts.run',
    tag: 'Scripts',
    summary: `End an execution of a script of ${words.a}`,
    description: 'Ends it with all processes of its group. Answers when it has ended.',
    kind: words.kind,
    parameters: [entityParameter(words), scriptParameter, executionParameter, clientIdParameter],
    body: {
      schema: ScriptControlRequest,
      description: 'How',
      examples: { Stop: { action: 'stop' }, Kill: { action: 'forced_termination' } },
    },
    responses: {
      200: {
        description: 'It has ended',
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
  (words) => ({
    method: 'delete',
    path: executionOf(words),
    operationId: `remove${words.cap}ScriptExecution`,
    permission: 'scripts.run',
    tag: 'Scripts',
    summary: `Forget an execution of a script of ${words.a}`,
    description: 'Deletes what is known of an execution that has ended.',
    kind: words.kind,
    parameters: [entityParameter(words), scriptParameter, executionParameter, clientIdParameter],
    responses: { 204: { description: 'Forgotten' } },
    errors: [...SCRIPT_ERRORS, 'x-medkit-script-running'],
  }),
  SCRIPTED,
);
