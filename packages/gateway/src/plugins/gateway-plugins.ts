import { join, resolve } from 'node:path';
import type { Log } from '@medkit/core';
import { systemClock, systemFiles } from '@medkit/edges/node';
import type { RosAccess } from '@medkit/plugin';
import { isolatedPlugin, startChild } from '@medkit/plugin/isolated';
import type { GatewayConfig } from '../config/index.ts';
import { installedPlugins } from './load-plugin.ts';
import { type GatewayPlugins, openPlugins } from './open-plugins.ts';

export interface GatewayPluginsOptions {
  readonly config: Pick<GatewayConfig, 'plugins' | 'data_dir'>;
  readonly log: Log;
  /** Names of the other runtimes, which no plugin can have. */
  readonly taken: readonly string[];
  readonly ros: RosAccess | undefined;
}

/** Opens the configured plugins from the disk of this machine. */
export function openGatewayPlugins({ config, log, taken, ros }: GatewayPluginsOptions): Promise<GatewayPlugins> {
  return openPlugins({
    plugins: config.plugins,
    folderOf: (name) => join(resolve(config.data_dir), 'plugins', name),
    source: installedPlugins,
    isolated: ({ name, memoryMb }, file) =>
      isolatedPlugin({ name, file, memoryMb, clock: systemClock, log, start: () => startChild(memoryMb) }),
    clock: systemClock,
    log,
    taken,
    filesAt: async (path) => (await import('@medkit/faults')).recordingFiles(path, systemFiles),
    ...(ros && { ros }),
  });
}
