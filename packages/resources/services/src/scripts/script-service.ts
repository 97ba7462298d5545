import {
  type EntityKind,
  type ScriptControlRequest,
  type ScriptExecution,
  type ScriptExecutionList,
  type ScriptList,
  type ScriptMetadata,
  type ScriptStartRequest,
  type ScriptUploadResponse,
  SovdError,
} from '@medkit/contract';
import {
  type CallContext,
  type Entity,
  isLocal,
  type JsonValue,
  type Model,
  nativeIdOf,
  SCRIPT_ACTIONS,
  type ScriptProvider,
} from '@medkit/core';
import type { UploadPart } from '../bulk-data/upload.ts';
import { entityOf } from '../discovery/lookup.ts';
import { errorsWith } from '../members/error-parameters.ts';
import { placesOf } from '../members/owners.ts';
import { notServed } from '../members/ownership.ts';
import { executionBody, scriptHref, scriptList, scriptMetadata, uploadedScript } from './script-body.ts';
import { readScriptUpload } from './script-upload.ts';

/** A script of an entity, as the path of a request names it. */
export interface ScriptPath {
  readonly kind: EntityKind;
  readonly entityId: string;
  readonly scriptId: string;
}

export interface ScriptExecutionPath extends ScriptPath {
  readonly executionId: string;
}

/** Something that was made, and where it is. */
export interface Made<Body> {
  readonly body: Body;
  readonly href: string;
}

/** The scripts of apps and components, and their executions. Every call throws `SovdError`. */
export interface ScriptService {
  /** Whether an entity has scripts, or could have some. */
  serves(entity: Entity): boolean;
  list(kind: EntityKind, entityId: string, call: CallContext): Promise<ScriptList>;
  /** `call` makes the context when the upload has been read, which may take as long as it likes. */
  upload(
    kind: EntityKind,
    entityId: string,
    parts: AsyncIterable<UploadPart>,
    call: () => CallContext,
  ): Promise<Made<ScriptUploadResponse>>;
  get(path: ScriptPath, call: CallContext): Promise<ScriptMetadata>;
  remove(path: ScriptPath, call: CallContext): Promise<void>;
  start(path: ScriptPath, request: ScriptStartRequest, call: CallContext): Promise<Made<ScriptExecution>>;
  executions(path: ScriptPath, call: CallContext): Promise<ScriptExecutionList>;
  execution(path: ScriptExecutionPath, call: CallContext): Promise<ScriptExecution>;
  control(path: ScriptExecutionPath, request: ScriptControlRequest, call: CallContext): Promise<ScriptExecution>;
  removeExecution(path: ScriptExecutionPath, call: CallContext): Promise<void>;
}

/** Who has the scripts of entities of others. */
export interface ScriptOwner {
  /** Of an entity such as `apps/lidar_driver`. */
  isFor(owner: string): boolean;
  readonly provider: ScriptProvider;
}

export interface ScriptServiceOptions {
  readonly model: Model;
  /** Of entities whose runtime has none: the first that is for an entity, which they name as `house` does. */
  readonly owners?: readonly ScriptOwner[];
  /** The gateway's own, for every entity that has none yet: it names them `apps/lidar_driver`. Or why there is none. */
  readonly house: ScriptProvider | string;
  /** `scripts.allow_uploads` */
  readonly allowUploads: boolean;
  readonly maxFileBytes: number;
}

/** Uploads at a time: each is in memory until it is on disk. */
const MAX_UPLOADS_UNDER_WAY = 4;

const ID = /^[A-Za-z0-9_-]{1,256}$/;

interface Target {
  readonly entity: Entity;
  readonly provider: ScriptProvider;
  readonly nativeId: string;
}

/** The script service of a gateway. */
export function createScriptService(options: ScriptServiceOptions): ScriptService {
  const { model, house, owners = [], allowUploads, maxFileBytes } = options;
  let uploads = 0;

  const providerOf = (entity: Entity): Omit<Target, 'entity'> | undefined => {
    const [own] = placesOf(model, entity, 'scripts');
    if (own) return own;
    if (!isLocal(entity)) return undefined;
    const nativeId = nativeIdOf(entity);
    const provider = owners.find(({ isFor }) => isFor(nativeId))?.provider ?? house;
    return typeof provider === 'string' ? undefined : { provider, nativeId };
  };
  const targetOf = (kind: EntityKind, entityId: string): Target => {
    const entity = entityOf(model.tree, kind, entityId);
    const found = providerOf(entity);
    if (found) return { ...found, entity };
    if (!isLocal(entity)) throw notServed(entity, 'scripts');
    throw new SovdError({ code: 'not-implemented', message: String(house) });
  };
  const ofScript = <T>({ kind, entityId, scriptId }: ScriptPath, work: (target: Target) => Promise<T>): Promise<T> => {
    const target = targetOf(kind, entityId);
    assertId('script_id', scriptId);
    return errorsWith({ entity_id: target.entity.id, script_id: scriptId }, () => work(target));
  };
  const ofExecution = <T>(path: ScriptExecutionPath, work: (target: Target) => Promise<T>): Promise<T> =>
    ofScript(path, (target) => {
      assertId('execution_id', path.executionId);
      return errorsWith({ execution_id: path.executionId }, () => work(target));
    });

  return {
    serves: (entity) => (entity.kind === 'app' || entity.kind === 'component') && providerOf(entity) !== undefined,
    list: async (kind, entityId, call) => {
      const { entity, provider, nativeId } = targetOf(kind, entityId);
      return scriptList(entity, await provider.list(nativeId, call));
    },
    upload: async (kind, entityId, parts, call) => {
      const { entity, provider, nativeId } = targetOf(kind, entityId);
      if (!allowUploads) {
        const message = 'Uploads of scripts are disabled: scripts.allow_uploads is false';
        throw new SovdError({ code: 'invalid-request', message });
      }
      if (uploads >= MAX_UPLOADS_UNDER_WAY) {
        const message = `${uploads} uploads are under way; try again when one of them has ended`;
        throw new SovdError({ code: 'service-unavailable', message });
      }
      uploads++;
      try {
        const upload = await readScriptUpload(parts, maxFileBytes);
        const script = await errorsWith({ entity_id: entity.id }, () => provider.upload(nativeId, upload, call()));
        return { body: uploadedScript(script), href: scriptHref(entity, script.id) };
      } finally {
        uploads--;
      }
    },
    get: (path, call) =>
      ofScript(path, async ({ entity, provider, nativeId }) =>
        scriptMetadata(entity, await provider.get(nativeId, path.scriptId, call)),
      ),
    remove: (path, call) => ofScript(path, ({ provider, nativeId }) => provider.remove(nativeId, path.scriptId, call)),
    start: (path, { execution_type, parameters, proximity_response }, call) =>
      ofScript(path, async ({ entity, provider, nativeId }) => {
        const start = {
          executionType: execution_type,
          parameters: (parameters ?? undefined) as JsonValue | undefined,
          ...(proximity_response && { proximityResponse: proximity_response }),
        };
        const execution = await provider.start(nativeId, path.scriptId, start, call);
        const href = `${scriptHref(entity, path.scriptId)}/executions/${execution.id}`;
        return { body: executionBody(execution), href };
      }),
    executions: (path, call) =>
      ofScript(path, async ({ provider, nativeId }) => {
        const executions = await provider.executions(nativeId, path.scriptId, call);
        return { items: executions.map(executionBody) };
      }),
    execution: (path, call) =>
      ofExecution(path, async ({ provider, nativeId }) =>
        executionBody(await provider.execution(nativeId, path.scriptId, path.executionId, call)),
      ),
    control: (path, request, call) =>
      ofExecution(path, async ({ provider, nativeId }) => {
        const action = SCRIPT_ACTIONS.find((known) => known === request.action);
        if (!action) {
          const message = `Unknown action "${request.action.slice(0, 64)}": it is one of ${SCRIPT_ACTIONS.join(', ')}`;
          throw new SovdError({ code: 'invalid-request', message, parameters: { parameter: 'action' } });
        }
        return executionBody(await provider.control(nativeId, path.scriptId, path.executionId, action, call));
      }),
    removeExecution: (path, call) =>
      ofExecution(path, ({ provider, nativeId }) =>
        provider.removeExecution(nativeId, path.scriptId, path.executionId, call),
      ),
  };
}

function assertId(parameter: string, id: string): void {
  if (ID.test(id)) return;
  const message = `Invalid ${parameter}: 1 to 256 of A-Z a-z 0-9 _ -`;
  throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter } });
}
