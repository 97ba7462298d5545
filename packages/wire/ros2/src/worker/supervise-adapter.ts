import { type Clock, type Thread, type Timer, within } from '@medkit/edges';
import type { RosAdapter } from '../adapter/adapter.ts';
import { nextDelayMs } from './backoff.ts';
import type { JoinOptions } from './protocol.ts';
import { RemoteRosAdapter } from './remote-ros-adapter.ts';

/** A thread that is told to leave the graph and does not is ended after this. */
const LEAVE_TIMEOUT_MS = 2000;

/** How the thread of an adapter fares. */
export interface ThreadState {
  /** False while a new one is waited for. */
  readonly running: boolean;
  /** How often one ended by itself. */
  readonly ends: number;
  /** Why the last one did. */
  readonly lastReason: string | undefined;
}

/** An adapter whose DDS side has a thread of its own. Where that thread ends, another takes over what is open. */
export interface WorkerRosAdapter extends RosAdapter {
  thread(): ThreadState;
}

interface Dependencies {
  readonly start: () => Thread;
  readonly clock: Clock;
  readonly join: JoinOptions;
}

/**
 * Joins the graph in a thread, and keeps a thread running: one that ends by itself fails the calls under way and empties
 * the graph; the next one opens all nodes, publishers and subscriptions again. Throws where the first cannot join.
 */
export async function superviseAdapter({ start, clock, join }: Dependencies): Promise<WorkerRosAdapter> {
  const adapter = new RemoteRosAdapter({ join });
  let state: ThreadState = { running: false, ends: 0, lastReason: undefined };
  let thread: Thread | undefined;
  let restart: Timer | undefined;
  let delayMs = 0;
  let closing: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    const started = start();
    const startedMs = clock.monotonicMs();
    let failure: string | undefined;
    thread = started;
    void started.ended.then((reason) => onEnd(failure ?? reason, clock.monotonicMs() - startedMs));
    try {
      await adapter.attach(started.port);
      state = { ...state, running: true };
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      await started.end();
      throw error;
    }
  };
  const onEnd = (reason: string, ranMs: number): void => {
    thread = undefined;
    if (closing) return;
    delayMs = nextDelayMs(delayMs, ranMs);
    state = { running: false, ends: state.ends + 1, lastReason: reason };
    adapter.detach(`the DDS thread ended (${reason}) and is started again within ${delayMs} ms`);
    // Why it failed is told by the end of its thread.
    restart = clock.after(delayMs, () => void run().catch(() => undefined));
  };
  const close = async (): Promise<void> => {
    restart?.cancel();
    // A thread that fails while it leaves is gone, which is all that was wanted.
    const left = adapter.close().catch(() => undefined);
    await within(clock, LEAVE_TIMEOUT_MS, left, () => undefined);
    adapter.detach('the adapter is closed');
    await thread?.end();
  };

  const supervised: WorkerRosAdapter = {
    graph: () => adapter.graph(),
    onGraphChange: (listener) => adapter.onGraphChange(listener),
    node: (options) => adapter.node(options),
    describeType: (type) => adapter.describeType(type),
    decode: (type, cdr) => adapter.decode(type, cdr),
    encode: (type, json) => adapter.encode(type, json),
    toJson: (type, message) => adapter.toJson(type, message),
    facts: () => adapter.facts(),
    thread: () => state,
    close: () => (closing ??= close()),
  };
  try {
    await run();
    return supervised;
  } catch (error) {
    await supervised.close();
    throw error;
  }
}
