import type { DropCounter } from '../adapter/drop-counter.ts';
import type { TypeSupport } from '../codec/type-support.ts';
import type { Graph } from '../graph.ts';
import type { SerialisedHandler } from '../services/typed-call.ts';
import type { BatchedSample } from './sample-batch.ts';
import type { ThreadLink } from './thread-link.ts';

/** State shared by the nodes and endpoints of one client. */
export interface RemoteContext {
  readonly types: TypeSupport;
  readonly drops: DropCounter;
  /** Sample listeners by subscription id. */
  readonly listeners: Map<number, (sample: BatchedSample) => void>;
  /** Request handlers by server id. */
  readonly handlers: Map<number, SerialisedHandler>;
  /** Functions that reopen everything that is open, in the original order. */
  readonly openings: Map<number, () => Promise<unknown>>;
  newId(): number;
  /** Returns the link to the thread. Throws `AdapterUnavailable` while there is none. */
  link(): ThreadLink;
  /** Returns the graph with everything that the thread currently knows. */
  graph(): Promise<Graph>;
  /** Closes the object with this id, also in the thread if there is one. */
  close(id: number): Promise<void>;
}

/** Opens an object in the thread, and stores the function for reopening it in another thread. */
export async function openInThread<T>(context: RemoteContext, id: number, opening: () => Promise<T>): Promise<T> {
  const opened = await opening();
  context.openings.set(id, opening);
  return opened;
}
