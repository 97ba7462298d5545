import type { Clock } from '@medkit/edges';
import type { RosAdapter } from '@medkit/ros2';

/**
 * Edges of a process that can be suspended, as with SIGSTOP: its timers do not fire, and messages wait. When it continues, it
 * gets everything that has waited, messages first.
 */
export function stoppableProcess(edges: { readonly adapter: Pick<RosAdapter, 'node'>; readonly clock: Clock }) {
  let stopped = false;
  const messages: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const held = (queue: (() => void)[], work: () => void) => {
    if (stopped) queue.push(work);
    else work();
  };
  const { adapter, clock } = edges;
  const stoppableClock: Clock = {
    wallNs: () => clock.wallNs(),
    wallMs: () => clock.wallMs(),
    monotonicMs: () => clock.monotonicMs(),
    after: (delayMs, callback) => clock.after(delayMs, () => held(timers, callback)),
    every: (periodMs, callback) => clock.every(periodMs, () => held(timers, callback)),
  };
  const stoppableAdapter: Pick<RosAdapter, 'node'> = {
    async node(options) {
      const node = await adapter.node(options);
      return {
        ...node,
        subscribe: (subscription) =>
          node.subscribe({
            ...subscription,
            onSample: (sample) => held(messages, () => subscription.onSample(sample)),
          }),
      };
    },
  };
  return {
    adapter: stoppableAdapter,
    clock: stoppableClock,
    stop() {
      stopped = true;
    },
    goOn() {
      stopped = false;
      for (const queue of [messages, timers]) for (const work of queue.splice(0)) work();
    },
  };
}
