import type { Clock } from '@medkit/edges';
import type { JoinOptions } from './protocol.ts';
import { superviseAdapter, type WorkerRosAdapter } from './supervise-adapter.ts';
import { startAdapterThread } from './thread.ts';

export interface WorkerRosAdapterOptions extends JoinOptions {
  readonly clock: Clock;
}

// The compiler does not rewrite strings, so the extension is taken from this file.
const ENTRY = new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Joins the ROS graph like `openRosAdapter`, but in a separate thread, so that traffic cannot block the calling thread.
 * Host names of peers are resolved there. Throws if no socket can be bound.
 */
export function openWorkerRosAdapter({ clock, ...join }: WorkerRosAdapterOptions): Promise<WorkerRosAdapter> {
  return superviseAdapter({ start: () => startAdapterThread(ENTRY), clock, join });
}
