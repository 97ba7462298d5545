import type { Clock, Timer } from '@medkit/edges';
import type { ErrorFeed } from './error-feed.ts';

/** Interval of repetitions, for late subscribers and lost messages. */
const REPEAT_MS = 30_000;

export interface TopicFeedOptions {
  readonly errors: ErrorFeed;
  readonly clock: Clock;
  /** Writes a text to the topic. Rejects with a readable message on failure. */
  put(text: string): Promise<void>;
}

export interface TopicFeed {
  /** Why the last text was not written, or undefined. */
  readonly problem: string | undefined;
  stop(): void;
}

/** Writes the errors of the robot to a topic on changes and periodically, one text at a time, always the newest. */
export function topicFeed({ errors, clock, put }: TopicFeedOptions): TopicFeed {
  let problem: string | undefined;
  let isUnderWay = false;
  let isWaiting = false;
  let isStopped = false;
  let repeat: Timer | undefined;

  function write(): void {
    isWaiting = isUnderWay;
    if (isUnderWay) return;
    isUnderWay = true;
    put(errors.text).then(
      () => ended(undefined),
      (error: Error) => ended(error.message),
    );
  }

  function ended(reason: string | undefined): void {
    problem = reason;
    isUnderWay = false;
    repeat?.cancel();
    if (isStopped) return;
    repeat = clock.after(REPEAT_MS, write);
    if (isWaiting) write();
  }

  const unfollow = errors.follow(write);
  write();
  return {
    get problem() {
      return problem;
    },
    stop() {
      isStopped = true;
      unfollow();
      repeat?.cancel();
    },
  };
}
