import { SovdError } from '@medkit/contract';
import { type Log, type Model, quotaBlock, type RuntimeHealth, type UpdateProvider } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { ArtifactReceiver } from '../transfer/artifact-transfers.ts';
import { UpdateRegistry } from './update-registry.ts';
import { createUpdateService, type UpdateService } from './update-service.ts';
import type { UpdateStorage } from './update-storage.ts';

/** The software updates of a gateway. */
export interface Updates {
  readonly service: UpdateService;
  /** Whether an update provider is configured. */
  readonly enabled: boolean;
  health(): RuntimeHealth;
  close(): Promise<void>;
}

export interface UpdatesOptions {
  /** The update provider, or the reason why there is none. */
  readonly provider: UpdateProvider | string;
  /** Receives artifacts from clients; absent if the provider has no artifacts folder. */
  readonly receiver?: ArtifactReceiver | undefined;
  readonly storage: UpdateStorage;
  readonly model: Pick<Model, 'events'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Timeout of one step of an update. */
  readonly stepTimeoutMs: number;
}

/**
 * Opens the updates. Resolves once their states are loaded, and continues updates that an earlier process left
 * unfinished. If the states cannot be read, nothing is installed until a retry succeeds; health reports this.
 */
export async function openUpdates(options: UpdatesOptions): Promise<Updates> {
  const { provider, receiver, model, log } = options;
  if (typeof provider === 'string') return notServed(provider);
  const registry = new UpdateRegistry({ ...options, provider, events: model.events });
  await registry.loaded().catch(() => log('error', `The state of updates is unknown: ${registry.failure}`));
  return {
    service: createUpdateService({ provider, registry, receiver }),
    enabled: true,
    health: () => {
      const message = `Updates cannot be installed, because their state is unknown: ${registry.failure}`;
      return {
        warnings: registry.failure === undefined ? [] : [{ code: 'updates_unavailable', message }],
        blocks: quotaBlock({ waiting_updates: registry.quota }),
      };
    },
    close: () => registry.close(),
  };
}

function notServed(message: string): Updates {
  const refuse = (): Promise<never> => Promise.reject(new SovdError({ code: 'not-implemented', message }));
  return {
    service: {
      list: refuse,
      register: refuse,
      get: refuse,
      status: refuse,
      begin: refuse,
      confirm: refuse,
      receive: refuse,
      remove: refuse,
    },
    enabled: false,
    health: () => ({ warnings: [], blocks: {} }),
    close: async () => undefined,
  };
}
