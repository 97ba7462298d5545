import {
  API_BASE,
  type ListedUpdate,
  SovdError,
  UPDATE_ID,
  type UpdateArtifact,
  type UpdateDetail,
  type UpdateList,
  type UpdateRegisterRequest,
  type UpdateRegisterResponse,
  type UpdateStatus,
} from '@medkit/contract';
import {
  type CallContext,
  type ExecuteOptions,
  type UpdateMetadata,
  type UpdateProvider,
  updateOrigins,
} from '@medkit/core';
import { errorsWith } from '@medkit/entities';
import type { ArtifactPart, ArtifactReceiver } from '../transfer/artifact-transfers.ts';
import type { UpdateRegistry } from './update-registry.ts';
import { assertIdle, type UpdateAction, updateStatus } from './update-state.ts';

/** The query parameters of a request, unparsed. */
export type UpdateFilter = Readonly<Partial<Record<'origin' | 'target-version' | 'expand', string | undefined>>>;

/** The software updates of a robot. Every call throws `SovdError`. */
export interface UpdateService {
  list(filter: UpdateFilter, call: CallContext): Promise<UpdateList>;
  register(request: UpdateRegisterRequest, call: CallContext): Promise<UpdateRegisterResponse>;
  get(updateId: string, call: CallContext): Promise<UpdateDetail>;
  status(updateId: string, call: CallContext): Promise<UpdateStatus>;
  /** Queues the action, and returns the metadata of the update. */
  begin(updateId: string, action: UpdateAction, call: CallContext, options?: ExecuteOptions): Promise<UpdateMetadata>;
  /** Keeps an executed update that waits for its confirmation. */
  confirm(updateId: string, call: CallContext): Promise<void>;
  /** Receives a part of the artifact of an update, which need not be registered. */
  receive(updateId: string, part: ArtifactPart): Promise<UpdateArtifact>;
  remove(updateId: string, call: CallContext): Promise<void>;
}

export interface UpdateServiceOptions {
  readonly provider: UpdateProvider;
  readonly registry: UpdateRegistry;
  readonly receiver?: ArtifactReceiver | undefined;
}

/** Origins of an update, as defined by SOVD. */
const ORIGINS = ['remote', 'proximity'];

/** Returns the path of an update. */
export function updateHref(updateId: string): string {
  return `${API_BASE}/updates/${updateId}`;
}

/** Creates the update service of a gateway. */
export function createUpdateService({ provider, registry, receiver }: UpdateServiceOptions): UpdateService {
  const of = async <T>(updateId: string, work: () => Promise<T>): Promise<T> => {
    assertUpdateId(updateId);
    return errorsWith({ update_id: updateId }, async () => {
      await registry.loaded();
      return work();
    });
  };
  const statusOf = async (updateId: string, call: CallContext): Promise<UpdateStatus> =>
    updateStatus(registry.stateOf(updateId), await registry.progressOf(updateId, call));
  const standingOf = async (update: UpdateMetadata, call: CallContext): Promise<ListedUpdate> => {
    const { id, update_name: name, version } = update;
    return {
      id,
      ...(typeof name === 'string' && { update_name: name }),
      ...(typeof version === 'string' && { version }),
      ...(await statusOf(id, call)),
    };
  };
  return {
    list: async (filter, call) => {
      assertOrigin(filter.origin);
      assertExpand(filter.expand);
      const updates = (await provider.list(call)).filter((update) => fits(update, filter));
      const items = updates.map(({ id }) => id);
      if (!filter.expand) return { items };
      await registry.loaded();
      const [standing, unregistered] = await Promise.all([
        Promise.all(updates.map((update) => standingOf(update, call))),
        provider.unregistered?.(call),
      ]);
      return { items, 'x-medkit': { updates: standing, ...(unregistered && { unregistered: [...unregistered] }) } };
    },
    register: (request, call) =>
      of(request.id, async () => {
        // The id of an update that is being deleted is still in use.
        const before = registry.stateOf(request.id);
        if (before.phase === 'deleting') throw alreadyExists(request.id);
        await provider.register(request as unknown as UpdateMetadata, call);
        await registry.begunAnew(request.id, before);
        return { id: request.id };
      }),
    get: (updateId, call) => of(updateId, () => provider.get(updateId, call)),
    status: (updateId, call) =>
      of(updateId, async () => {
        await provider.get(updateId, call);
        return statusOf(updateId, call);
      }),
    begin: (updateId, action, call, options = {}) =>
      of(updateId, async () => {
        const metadata = await provider.get(updateId, call);
        if (options.confirmWithinMs !== undefined && !provider.confirm) throw unconfirmable();
        await registry.begin(metadata, action, call, options);
        return metadata;
      }),
    confirm: (updateId, call) =>
      of(updateId, async () => {
        await provider.get(updateId, call);
        if (!provider.confirm) throw unconfirmable();
        await provider.confirm(updateId, call);
      }),
    receive: (updateId, part) =>
      of(updateId, async () => {
        if (!receiver) throw unreceivable();
        // A task may read the artifact that the transfer replaces.
        if (part.bytes) assertIdle(updateId, registry.stateOf(updateId));
        return receiver.receive(updateId, part);
      }),
    remove: (updateId, call) =>
      of(updateId, async () => {
        const metadata = await provider.get(updateId, call);
        await registry.delete(metadata, () => provider.remove(updateId, call));
      }),
  };
}

function assertUpdateId(updateId: string): void {
  if (UPDATE_ID.test(updateId)) return;
  const message = 'Invalid update id: 1 to 256 of A-Z a-z 0-9 . _ - with no dot in front';
  throw new SovdError({ code: 'invalid-request', message, parameters: { parameter: 'update_id' } });
}

function assertOrigin(origin: string | undefined): void {
  if (origin === undefined || ORIGINS.includes(origin)) return;
  const message = `origin is not one of ${ORIGINS.join(', ')}`;
  throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'origin', value: origin } });
}

function assertExpand(expand: string | undefined): void {
  if (!expand || expand === 'status') return;
  const message = 'expand must be status';
  throw new SovdError({ code: 'invalid-parameter', message, parameters: { parameter: 'expand', value: expand } });
}

function fits(metadata: UpdateMetadata, { origin, 'target-version': version }: UpdateFilter): boolean {
  if (origin !== undefined && !updateOrigins(metadata).includes(origin)) return false;
  return version === undefined || metadata['version'] === version || metadata['target_version'] === version;
}

function unreceivable(): SovdError {
  const message = 'The installer of this robot receives no artifacts: a plugin installs its updates';
  return new SovdError({ code: 'not-implemented', message });
}

function unconfirmable(): SovdError {
  const message = 'The installer does not support confirmation: execute the update without confirm_within_sec';
  return new SovdError({ code: 'not-implemented', message });
}

function alreadyExists(updateId: string): SovdError {
  const message = `The update ${updateId} already exists and is being deleted`;
  return new SovdError({ code: 'x-medkit-update-already-exists', message });
}
