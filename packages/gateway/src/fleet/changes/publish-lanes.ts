import type { FleetChangeMessage } from '@medkit/contract';
import type { Log } from '@medkit/core';
import type { WaitingChange } from '@medkit/fleet';

/** Messages that wait for an acknowledgement: one of each lane, so that the changes of a robot keep their order. */
const MAX_IN_FLIGHT = 32;

/** An open connection to the stream that receives changes. */
export interface ChangeStream {
  /** Longest body that the server accepts. */
  readonly maxBytes: number;
  /** Resolves with the reason when the connection has ended. */
  readonly closed: Promise<string>;
  /** Resolves when the stream has stored the message, or had stored one with its id. */
  publish(message: FleetChangeMessage, body: string): Promise<void>;
  close(): Promise<void>;
}

/** Ids of messages that need no further attempt, until the outbox has removed their changes. */
export interface DoneMessages {
  readonly acknowledged: Set<string>;
  readonly oversized: Set<string>;
}

interface LaneOptions {
  readonly target: Pick<ChangeStream, 'maxBytes' | 'publish'>;
  readonly done: DoneMessages;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/**
 * Publishes changes, those of one lane one after the other. Adds their ids to `done`. Returns the first failure, which
 * ends all lanes.
 */
export async function publishLanes(
  changes: readonly WaitingChange[],
  { target, done, signal, log }: LaneOptions,
): Promise<{ readonly error: unknown } | undefined> {
  const lanes = [...Map.groupBy(changes, ({ lane }) => lane).values()];
  let failure: { readonly error: unknown } | undefined;
  const publishLane = async (lane: readonly WaitingChange[]): Promise<void> => {
    for (const { message } of lane) {
      if (signal.aborted || failure) return;
      if (done.acknowledged.has(message.id) || done.oversized.has(message.id)) continue;
      const body = JSON.stringify(message);
      if (Buffer.byteLength(body) > target.maxBytes) {
        log('warn', `the change ${message.id} (${message.topic}) is larger than max_payload of NATS, and is skipped`);
        done.oversized.add(message.id);
        continue;
      }
      await target.publish(message, body);
      done.acknowledged.add(message.id);
    }
  };
  const work = async (): Promise<void> => {
    for (let lane = lanes.shift(); lane && !failure; lane = lanes.shift()) {
      try {
        await publishLane(lane);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: MAX_IN_FLIGHT }, work));
  return failure;
}
