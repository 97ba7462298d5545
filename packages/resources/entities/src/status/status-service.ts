import { type LifecycleAction, type LifecycleStatusResponse, SovdError } from '@medkit/contract';
import type { App, CallContext, Component, EntityTree, LifecycleStatus, Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { entityOf } from '../discovery/lookup.ts';
import { ask, LIST } from '../members/ask.ts';
import { type Owner, placesOf } from '../members/owners.ts';
import { statusBody, statusHref } from './status-body.ts';

/** The kinds of entities that have a lifecycle. */
export type StatusKind = 'app' | 'component';

/** The status of entities of any runtime, and its control. Every call throws `SovdError`. */
export interface StatusService {
  get(kind: StatusKind, id: string, call: CallContext): Promise<LifecycleStatusResponse>;
  /** Resolves with the path of the status once the transition has begun. */
  change(kind: StatusKind, id: string, action: LifecycleAction, call: CallContext): Promise<string>;
}

export interface StatusServiceOptions {
  readonly model: Model;
  readonly clock: Clock;
}

/** Creates the status service of a gateway. */
export function createStatusService({ model, clock }: StatusServiceOptions): StatusService {
  /** Asks the lifecycle providers of an entity, and returns the first status. */
  const firstStatus = async (owners: readonly Owner<'lifecycle'>[], call: CallContext) => {
    const gathered = await ask({ owners, clock, call, budget: LIST }, async ({ provider, nativeId }, memberCall) => {
      const status = await provider.status(nativeId, memberCall);
      return status ? [status] : [];
    });
    const [first] = gathered.entries;
    if (!first && gathered.silent[0]) throw ofProvider(gathered.silent[0].error);
    return first;
  };

  return {
    get: async (kind, id, call) => {
      const { tree } = model;
      const entity = entityOf(tree, kind, id);
      const status = (await firstStatus(placesOf(model, entity, 'lifecycle'), call))?.entry;
      return status ? statusBody(entity, validated(status)) : { status: isReady(tree, entity) ? 'ready' : 'notReady' };
    },
    change: async (kind, id, action, call) => {
      const entity = entityOf(model.tree, kind, id);
      const owners = placesOf(model, entity, 'lifecycle');
      const owner = owners.length > 1 ? ((await firstStatus(owners, call))?.owner ?? owners[0]) : owners[0];
      if (!owner) {
        const message = `This gateway cannot ${action} ${entity.id}: only its status can be read`;
        throw new SovdError({ code: 'not-implemented', message });
      }
      await owner.provider.change(owner.nativeId, action, call).catch((error: unknown) => {
        throw ofProvider(error);
      });
      return statusHref(kind, entity.id);
    },
  };
}

/**
 * Creates the client's error for a failed provider. The guard has logged the cause; the client receives only the
 * message.
 */
function ofProvider(error: unknown): unknown {
  if (!(error instanceof SovdError) || error.code !== 'internal-error') return error;
  return new SovdError({ code: 'x-medkit-plugin-error', message: error.message });
}

/** Validates a status: a plugin in JavaScript may return values that its type forbids. */
function validated(reported: LifecycleStatus): LifecycleStatus {
  const { status } = reported;
  if (status === 'ready' || status === 'notReady') return reported;
  const message = `The provider of this entity reported the status "${String(status).slice(0, 64)}": expected "ready" or "notReady"`;
  throw new SovdError({ code: 'x-medkit-plugin-error', message });
}

/**
 * Returns whether an entity without a lifecycle provider is ready: an app while it is online, a component unless it
 * hosts apps and all are offline. A single offline app is `notReady` itself but does not affect its component. A
 * component without apps only groups others.
 */
function isReady(tree: EntityTree, entity: App | Component): boolean {
  if (entity.kind === 'app') return entity.online;
  const hosted = tree.appsOn(entity.id);
  return hosted.length === 0 || hosted.some(({ online }) => online);
}
