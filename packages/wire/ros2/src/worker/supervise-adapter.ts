import { type Clock, restartDelays, type Thread, type Timer, within } from '@medkit/edges';
import type { RosAdapter } from '../adapter/adapter.ts';
import type { JoinOptions } from './protocol.ts';
import { RemoteRosAdapter } from './remote-ros-adapter.ts';

/**
 * Delay before the next thread: short at first, because the robot depends on its gateway. The maximum limits the cost of
 * a thread that ends immediately each time.
 */
const RESTART = { firstMs: 250, maxMs: 30_000 };
/** A thread that ran for this long counts as running well again. */
const WELL_MS = 60_000;
/** Time for a thread to leave the graph, after which it is terminated. */
const LEAVE_TIMEOUT_MS = 2000;

/** State of an adapter's thread. */
export interface ThreadState {
  /** False while waiting for a new thread. */
  readonly running: boolean;
  /** Number of threads that ended unexpectedly. */
  readonly ends: number;
  /** Reason why the last one ended. */
  readonly lastReason: string | undefined;
}

/** An adapter whose DDS side runs in a separate thread. If that thread ends, another one reopens everything. */
export interface WorkerRosAdapter extends RosAdapter {
  thread(): ThreadState;
}

interface Dependencies {
  readonly start: () => Thread;
  readonly clock: Clock;
  readonly join: JoinOptions;
}

/**
 * Joins the graph in a thread and keeps a thread running. If it ends unexpectedly, open calls fail and the graph
 * becomes empty. The next thread reopens all nodes, publishers and subscriptions. Throws if the first thread cannot
 * join.
 */
export async function superviseAdapter({ start, clock, join }: Dependencies): Promise<WorkerRosAdapter> {
  const adapter = new RemoteRosAdapter({ join });
  let state: ThreadState = { running: false, ends: 0, lastReason: undefined };
  let thread: Thread | undefined;
  let restart: Timer | undefined;
  const delayAfter = restartDelays(RESTART, WELL_MS);
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
    const delayMs = delayAfter(ranMs);
    state = { running: false, ends: state.ends + 1, lastReason: reason };
    adapter.detach(`the DDS thread ended (${reason}) and is started again within ${delayMs} ms`);
    // The end of the thread reports the reason of the failure.
    restart = clock.after(delayMs, () => void run().catch(() => undefined));
  };
  const close = async (): Promise<void> => {
    restart?.cancel();
    // A thread that fails while leaving has ended as intended.
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
