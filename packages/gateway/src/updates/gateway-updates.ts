import { mergeBlocks, type UpdateProvider } from '@medkit/core';
import { type ArtifactReceiver, openUpdates, type Updates } from '@medkit/updates';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import type { InstallerSources } from './open-installer.ts';
import { updateStorage } from './update-storage.ts';

export interface UpdateSources extends InstallerSources {
  readonly database: GatewayDatabase;
  /** The update provider of a plugin, which replaces medkit's. */
  readonly plugins?: { readonly updates?: UpdateProvider };
}

const DISABLED = 'Software updates are not enabled on this gateway: updates.enabled is false';
const NO_PROVIDER = 'No installer for software updates is configured: set updates.dir and updates.trusted_keys';

/** Opens the software updates as configured. */
export async function gatewayUpdates(sources: UpdateSources): Promise<Updates> {
  const { config, database, log, plugins } = sources;
  const { enabled, step_timeout_sec, gate_sec, activate_timeout_sec } = config.updates;
  const open = (provider: UpdateProvider | string, receiver?: ArtifactReceiver) =>
    openUpdates({
      ...sources,
      provider,
      receiver,
      storage: updateStorage(database, log),
      // Enough for the configured parts: activation, gate and rollback.
      stepTimeoutMs: 1000 * Math.max(step_timeout_sec, gate_sec + 2 * activate_timeout_sec + SPARE_SEC),
    });
  if (!enabled) return open(DISABLED);
  if (plugins?.updates) return open(plugins.updates);
  const { dir, trusted_keys } = config.updates;
  if (dir === '' && trusted_keys.length === 0) return open(NO_PROVIDER);
  const { configuredInstaller } = await import('./open-installer.ts');
  const installer = await configuredInstaller(sources);
  const updates = await open(installer.provider, installer.receiver);
  return {
    ...updates,
    health: () => {
      const [keeper, local] = [updates.health(), installer.health()];
      return { warnings: [...keeper.warnings, ...local.warnings], blocks: mergeBlocks([keeper, local]) };
    },
    close: async () => {
      installer.close();
      await updates.close();
    },
  };
}

const SPARE_SEC = 60;
