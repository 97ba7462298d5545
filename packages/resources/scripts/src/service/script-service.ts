import {
  type EntityKind,
  type EntityScriptList,
  type ExecutionSummary,
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
  type EntityTree,
  isLocal,
  type JsonValue,
  LOCAL,
  LOCAL_RUNTIME,
  type Model,
  nativeIdOf,
  type Origin,
  ownerOf,
  type RecentScriptExecution,
  reserveQuota,
  SCRIPT_ACTIONS,
  type ScriptProvider,
} from '@medkit/core';
import { type Clock, Quota } from '@medkit/edges';
import {
  ask,
  entityOf,
  errorsWith,
  failedMembers,
  type Gathered,
  LIST,
  listedEntities,
  notServed,
  placesOf,
  type UploadPart,
} from '@medkit/entities';
import { scriptSummary } from './execution-summary.ts';
import { executionBody, scriptHref, scriptList, scriptMetadata, uploadedScript } from './script-body.ts';
import { readScriptUpload } from './script-upload.ts';

/** A script of an entity, from the path of a request. */
export interface ScriptPath {
  readonly kind: EntityKind;
  readonly entityId: string;
  readonly scriptId: string;
}

export interface ScriptExecutionPath extends ScriptPath {
  readonly executionId: string;
}

/** A created resource and its path. */
export interface Made<Body> {
  readonly body: Body;
  readonly href: string;
}

/** The scripts of apps and components, and their executions. Every call throws `SovdError`. */
export interface ScriptService {
  /** Returns whether an entity has scripts or can have some. */
  serves(entity: Entity): boolean;
  list(kind: EntityKind, entityId: string, call: CallContext): Promise<ScriptList>;
  /**
   * Lists the scripts of every entity, or of one entity and its members, and the entities that did not answer. With
   * `visible`, the entities that the client sees, only of these.
   */
  listAll(entity: string | undefined, call: CallContext, visible?: EntityTree): Promise<EntityScriptList>;
  /** Lists the executions of all scripts of these entities. */
  recent(entities: readonly Entity[], call: CallContext): Promise<Gathered<ScriptHolder, ExecutionSummary>>;
  /** Quota of running uploads. */
  readonly uploads: Pick<Quota, 'figures'>;
  /** `call` creates the context after the upload was read, because an upload has no time limit. */
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
  /** Returns an execution; `maxOutput` truncates its output to so many characters. */
  execution(path: ScriptExecutionPath, call: CallContext, maxOutput?: number): Promise<ScriptExecution>;
  control(path: ScriptExecutionPath, request: ScriptControlRequest, call: CallContext): Promise<ScriptExecution>;
  removeExecution(path: ScriptExecutionPath, call: CallContext): Promise<void>;
}

/** A provider of scripts for entities whose runtime has none. */
export interface ScriptOwner {
  /** Returns whether it serves an owner such as `apps/lidar_driver`. */
  isFor(owner: string): boolean;
  readonly provider: ScriptProvider;
}

export interface ScriptServiceOptions {
  readonly model: Model;
  readonly clock: Clock;
  /**
   * Providers for entities whose runtime has no scripts, by the native ids that `house` uses. The first match counts.
   */
  readonly owners?: readonly ScriptOwner[];
  /**
   * The gateway's script provider for all other entities, with native ids such as `apps/lidar_driver`; or the reason
   * why there is none.
   */
  readonly house: ScriptProvider | string;
  /** `scripts.allow_uploads` */
  readonly allowUploads: boolean;
  readonly maxFileBytes: number;
}

/** Maximum concurrent uploads: each is in memory until it is on disk. */
const MAX_UPLOADS_UNDER_WAY = 4;
const BOUND = {
  what: 'uploads of scripts',
  remedy: 'try again when one of them has ended',
  parameter: 'max_uploads',
} as const;

const ID = /^[A-Za-z0-9_-]{1,256}$/;

interface Target {
  readonly entity: Entity;
  readonly provider: ScriptProvider;
  readonly nativeId: string;
}

/** An entity of this gateway that has or can have scripts, with their provider. */
export interface ScriptHolder extends Target {
  readonly origin: Origin;
  readonly runtime: string;
}

/** Creates the script service of a gateway. */
export function createScriptService(options: ScriptServiceOptions): ScriptService {
  const { model, clock, house, owners = [], allowUploads, maxFileBytes } = options;
  const uploads = new Quota(MAX_UPLOADS_UNDER_WAY);

  const providerOf = (entity: Entity): Omit<Target, 'entity'> | undefined => {
    const [place] = placesOf(model, entity, 'scripts');
    if (place) return place;
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
  const holdersAmong = (entities: readonly Entity[]): readonly ScriptHolder[] =>
    entities.flatMap((entity) => {
      const found = isScripted(entity) ? providerOf(entity) : undefined;
      const [place] = placesOf(model, entity, 'scripts');
      return found ? [{ ...found, entity, origin: LOCAL, runtime: place?.runtime ?? LOCAL_RUNTIME }] : [];
    });
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
    serves: (entity) => isScripted(entity) && providerOf(entity) !== undefined,
    listAll: async (entity, call, visible) => {
      const owners = holdersAmong(listedEntities(visible ?? model.tree, entity));
      if (owners.length === 0 && typeof house === 'string') {
        throw new SovdError({ code: 'not-implemented', message: house });
      }
      const { entries, silent } = await ask(
        { owners, clock, call, budget: LIST },
        ({ provider, nativeId }, memberCall) => provider.list(nativeId, memberCall),
      );
      const items = entries.map(({ owner, entry }) => ({
        ...scriptMetadata(owner.entity, entry),
        entity_type: owner.entity.kind,
        entity_id: owner.entity.id,
      }));
      return { items, ...(silent.length > 0 && { 'x-medkit': failedMembers(silent) }) };
    },
    recent: async (entities, call) => {
      const owners = holdersAmong(entities);
      return ask({ owners, clock, call, budget: LIST }, async (owner, memberCall) =>
        (await recentScripts(owner, memberCall)).map((recent) => scriptSummary(owner.entity, recent)),
      );
    },
    uploads,
    list: async (kind, entityId, call) => {
      const { entity, provider, nativeId } = targetOf(kind, entityId);
      return scriptList(entity, await provider.list(nativeId, call));
    },
    upload: async (kind, entityId, parts, call) => {
      const { entity, provider, nativeId } = targetOf(kind, entityId);
      if (!allowUploads) {
        const message =
          'Uploads of scripts are disabled: set scripts.allow_uploads on the robot, or declare the script in its manifest';
        throw new SovdError({ code: 'invalid-request', message });
      }
      const owner = ownerOf(call());
      reserveQuota(uploads, owner, BOUND);
      try {
        const upload = await readScriptUpload(parts, maxFileBytes);
        const owned = { ...upload, ...(owner !== undefined && { uploader: owner }) };
        const script = await errorsWith({ entity_id: entity.id }, () => provider.upload(nativeId, owned, call()));
        return { body: uploadedScript(script), href: scriptHref(entity, script.id) };
      } finally {
        uploads.release(owner);
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
        return { items: executions.map((execution) => executionBody(execution)) };
      }),
    execution: (path, call, maxOutput) =>
      ofExecution(path, async ({ provider, nativeId }) =>
        executionBody(await provider.execution(nativeId, path.scriptId, path.executionId, call), maxOutput),
      ),
    control: (path, request, call) =>
      ofExecution(path, async ({ provider, nativeId }) => {
        const action = SCRIPT_ACTIONS.find((known) => known === request.action);
        if (!action) {
          const message = `Unknown action "${request.action.slice(0, 64)}": use one of ${SCRIPT_ACTIONS.join(', ')}`;
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

/** Returns whether entities of this kind have scripts. */
function isScripted({ kind }: Entity): boolean {
  return kind === 'app' || kind === 'component';
}

/** Returns the executions of all scripts of an entity. Asks each script if the provider has no such list. */
async function recentScripts(
  { provider, nativeId }: ScriptHolder,
  call: CallContext,
): Promise<readonly RecentScriptExecution[]> {
  if (provider.recent) return provider.recent(nativeId, call);
  const scripts = await provider.list(nativeId, call);
  const perScript = await Promise.all(
    scripts.map(async ({ id }) => {
      const executions = await provider.executions(nativeId, id, call);
      return executions.map((execution) => ({ scriptId: id, execution }));
    }),
  );
  return perScript.flat();
}

function assertId(parameter: string, id: string): void {
  if (ID.test(id)) return;
  const message = `Invalid ${parameter}: 1 to 256 of A-Z a-z 0-9 _ -`;
  throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter } });
}
