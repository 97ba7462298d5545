import { type LifecycleAction, type LifecycleStatusResponse, SovdError } from '@medkit/contract';
import type { App, CallContext, Component, LifecycleProvider, LifecycleStatus, Model } from '@medkit/core';
import { entityOf } from '../discovery/lookup.ts';
import { isReady } from './readiness.ts';
import { statusBody, statusHref } from './status-body.ts';

/** The kinds of entities that have a lifecycle. */
export type StatusKind = 'app' | 'component';

/** The status of entities and its control, whoever runs them. Every call throws `SovdError`. */
export interface StatusService {
  get(kind: StatusKind, id: string, call: CallContext): Promise<LifecycleStatusResponse>;
  /** Resolves with the address of the status once the transition has begun. */
  change(kind: StatusKind, id: string, action: LifecycleAction, call: CallContext): Promise<string>;
}

/** The status service of a gateway. */
export function createStatusService(model: Model): StatusService {
  return {
    get: async (kind, id, call) => {
      const { tree } = model;
      const entity = entityOf(tree, kind, id);
      const told = await ask(model, entity, (provider, nativeId) => provider.status(nativeId, call));
      return told ? statusBody(entity, sound(told)) : { status: isReady(tree, entity) ? 'ready' : 'notReady' };
    },
    change: async (kind, id, action, call) => {
      const entity = entityOf(model.tree, kind, id);
      const begun = await ask(model, entity, async (provider, nativeId) => {
        await provider.change(nativeId, action, call);
        return true;
      });
      if (begun) return statusHref(kind, entity.id);
      const message = `Nothing here can ${action} ${entity.id}: only its status can be read`;
      throw new SovdError({ code: 'not-implemented', message });
    },
  };
}

/** What the provider of an entity's runtime answers; `undefined` where there is none. */
async function ask<T>(
  model: Model,
  { address }: App | Component,
  question: (provider: LifecycleProvider, nativeId: string) => Promise<T>,
): Promise<T | undefined> {
  const provider = address && model.provider(address.runtime)?.lifecycle;
  if (!provider) return undefined;
  try {
    return await question(provider, address.nativeId);
  } catch (error) {
    // The guard has logged what it was and says no more than that.
    if (!(error instanceof SovdError) || error.code !== 'internal-error') throw error;
    throw new SovdError({ code: 'x-medkit-plugin-error', message: error.message });
  }
}

/** A plugin may be written in JavaScript and answer what its type forbids. */
function sound(told: LifecycleStatus): LifecycleStatus {
  const { status } = told;
  if (status === 'ready' || status === 'notReady') return told;
  const message = `The provider of this entity says that it is "${String(status).slice(0, 64)}": expected "ready" or "notReady"`;
  throw new SovdError({ code: 'x-medkit-plugin-error', message });
}
