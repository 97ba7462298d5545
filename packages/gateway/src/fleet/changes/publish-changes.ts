import { errorMessage, type Log, type RuntimeHealth } from '@medkit/core';
import { type Clock, pause, type Random, retryDelayMs } from '@medkit/edges';
import type { ChangeOutbox, Fleet, WaitingChange } from '@medkit/fleet';
import { type ChangeStream, type DoneMessages, publishLanes } from './publish-lanes.ts';

/** Interval in which waiting changes are looked for, without a change of the fleet that is announced. */
const LOOK_MS = 2000;
/** Time from a change to the look that follows: other changes arrive with it. */
const SOON_MS = 100;
const RETRY = { firstMs: 500, maxMs: 30_000 };
/** Time that changes may wait until a warning says so. */
const LATE_MS = 60_000;
/** Time for which `/health` reports skipped changes. */
const REPORT_SKIPPED_MS = 86_400_000;

export interface PublishChangesOptions {
  readonly outbox: ChangeOutbox;
  /** Opens a stream. Throws with the remedy. */
  readonly openStream: () => Promise<ChangeStream>;
  readonly onChange: Fleet['onChange'];
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly log: Log;
}

export interface ChangePublisher {
  health(): Promise<Pick<RuntimeHealth, 'warnings'>>;
  close(): Promise<void>;
}

/**
 * Publishes the changes in an outbox: each is removed when the stream has acknowledged it, and sent again with the same
 * id otherwise. Changes of a robot are published in the order of their commit.
 */
export function publishChanges(options: PublishChangesOptions): ChangePublisher {
  const { outbox, clock, random, log } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const done: DoneMessages = { acknowledged: new Set(), oversized: new Set() };
  let stream: ChangeStream | undefined;
  let problem: string | undefined;
  let failures = 0;
  let wake = new AbortController();

  const opened = async (): Promise<ChangeStream> => {
    if (stream) return stream;
    const fresh = await options.openStream();
    stream = fresh;
    void fresh.closed.then(() => {
      if (stream === fresh) stream = undefined;
      wake.abort();
    });
    return fresh;
  };
  /** Removes the changes of a page that are done. If that fails, they are in the next page, and are not sent again. */
  const removeDone = async (page: readonly WaitingChange[]): Promise<void> => {
    const rowsOf = (ids: ReadonlySet<string>) => page.flatMap(({ row, message }) => (ids.has(message.id) ? [row] : []));
    await outbox.remove(rowsOf(done.acknowledged));
    await outbox.remove(rowsOf(done.oversized), true);
    done.acknowledged.clear();
    done.oversized.clear();
  };
  /** Publishes the oldest changes. Returns whether there are more. */
  const publishPage = async (): Promise<boolean> => {
    const skipped = await outbox.skipOld();
    if (skipped > 0) log('error', `${skipped} changes of the fleet waited too long for NATS, and are skipped`);
    const target = await opened();
    const { changes, hasMore } = await outbox.waiting();
    const failure = await publishLanes(changes, { target, done, signal, log });
    await removeDone(changes);
    if (failure) throw failure.error;
    return hasMore;
  };
  const closeStream = async (): Promise<void> => {
    const open = stream;
    stream = undefined;
    await open?.close();
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      wake = new AbortController();
      try {
        const hasMore = await publishPage();
        if (problem !== undefined) log('info', 'the changes of the fleet are published to NATS again');
        [problem, failures] = [undefined, 0];
        if (hasMore) continue;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        problem = errorMessage(error);
        if (failures === 1) log('warn', `changes of the fleet wait for NATS: ${problem}`);
        await closeStream();
        await pause(clock, retryDelayMs(RETRY, failures, random), signal);
        continue;
      }
      await pause(clock, LOOK_MS, AbortSignal.any([signal, wake.signal]));
      await pause(clock, SOON_MS, signal);
    }
  };
  const stopListening = options.onChange(() => wake.abort());
  const running = run();
  return {
    health: async () => {
      const { waiting, oldestMs, skipped, skippedMs } = await outbox.state();
      const nowMs = clock.wallMs();
      const count = waiting > 10_000 ? 'more than 10,000' : String(waiting);
      const isLate = waiting > 0 && oldestMs !== undefined && nowMs - oldestMs > LATE_MS;
      const late = isLate ? 'NATS stores them more slowly than the fleet changes' : undefined;
      const reason = problem ?? late;
      return {
        warnings: [
          ...(reason === undefined
            ? []
            : [
                {
                  code: 'fleet_changes_waiting',
                  message: `Changes that wait for NATS: ${count}. ${reason}. They wait for up to 24 h.`,
                },
              ]),
          ...(skippedMs !== undefined && nowMs - skippedMs < REPORT_SKIPPED_MS
            ? [
                {
                  code: 'fleet_changes_skipped',
                  message: `Changes of the fleet that were never published: ${skipped}. They waited for NATS for more than 24 h, or were too many or too large. The last ones were skipped at ${new Date(skippedMs).toISOString()}.`,
                },
              ]
            : []),
        ],
      };
    },
    close: async () => {
      closing.abort();
      stopListening();
      await closeStream();
      await running;
      await closeStream();
    },
  };
}
