import { errorMessage, type Runtime, type RuntimeHost } from '@medkit/core';
import type { IslandRuntimeOptions } from './island-options.ts';
import { type OpenIsland, openIsland } from './open-island.ts';

/** Name of the runtime in the gateway. */
export const ISLAND = 'island';

export interface IslandRuntime extends Runtime {
  /** Returns whether the last declaration marks a port with `blocks_motion`. */
  hasBlockingPort(): boolean;
}

/**
 * A runtime outside ROS that sends its declaration and states to the ingest listener, such as a safety controller. It
 * is only observed: the gateway sends nothing to it.
 */
export function islandRuntime(options: IslandRuntimeOptions): IslandRuntime {
  let opened: OpenIsland | undefined;
  const live = (): OpenIsland => {
    if (!opened) throw new Error(`runtime ${ISLAND} is not running`);
    return opened;
  };
  return {
    name: ISLAND,
    providers: {
      data: {
        list: async (...of) => live().data.list(...of),
        read: async (...of) => live().data.read(...of),
        write: async (...of) => live().data.write(...of),
        watch: async (...of) => live().data.watch!(...of),
      },
    },
    start: async (host: RuntimeHost) => {
      try {
        opened = await openIsland({ ...options, runtime: ISLAND, host });
      } catch (error) {
        throw new Error(`cannot receive at ${options.address}: ${errorMessage(error)}`, { cause: error });
      }
    },
    stop: async () => {
      const left = opened;
      opened = undefined;
      await left?.close();
    },
    contribution: () => live().contribution(),
    health: async () => live().health(),
    hasBlockingPort: () => opened?.hasBlockingPort() ?? false,
  };
}
