import type { Clock } from '@medkit/edges';
import type { JoinOptions } from './protocol.ts';
import { superviseAdapter, type WorkerRosAdapter } from './supervise-adapter.ts';
import { startAdapterThread } from './thread.ts';

export interface WorkerRosAdapterOptions extends JoinOptions {
  readonly clock: Clock;
}

// A string is not rewritten when the package is compiled: the entry has the ending of this very file.
const ENTRY = new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Joins the ROS graph as `openRosAdapter` does, in a thread of its own, so that no amount of traffic keeps the calling
 * thread from its work. Host names of peers are looked up there. Throws where no socket can be bound.
 */
export function openWorkerRosAdapter({ clock, ...join }: WorkerRosAdapterOptions): Promise<WorkerRosAdapter> {
  return superviseAdapter({ start: () => startAdapterThread(ENTRY), clock, join });
}
