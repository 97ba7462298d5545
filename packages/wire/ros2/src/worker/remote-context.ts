import type { DropCounter } from '../adapter/drop-counter.ts';
import type { Graph } from '../adapter/graph.ts';
import type { SerialisedHandler } from '../services/typed-call.ts';
import type { TypeSupport } from '../types/type-support.ts';
import type { BatchedSample } from './sample-batch.ts';
import type { ThreadLink } from './thread-link.ts';

/** What nodes and their endpoints of one client share. */
export interface RemoteContext {
  readonly types: TypeSupport;
  readonly drops: DropCounter;
  /** Whose samples go where. */
  readonly listeners: Map<number, (sample: BatchedSample) => void>;
  /** Who answers the requests to which server. */
  readonly handlers: Map<number, SerialisedHandler>;
  /** How to open again what is open, in the order in which it was opened. */
  readonly openings: Map<number, () => Promise<unknown>>;
  newId(): number;
  /** The link to the thread. Throws `AdapterUnavailable` while there is none. */
  link(): ThreadLink;
  /** The graph with all that the thread knows now. */
  graph(): Promise<Graph>;
  /** Closes what has this number, in the thread as well if there is one. */
  close(id: number): Promise<void>;
}

/** Opens something in the thread, and remembers how to do so again in another one. */
export async function openInThread<T>(context: RemoteContext, id: number, opening: () => Promise<T>): Promise<T> {
  const opened = await opening();
  context.openings.set(id, opening);
  return opened;
}
