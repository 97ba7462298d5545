import type { Protocol } from '@medkit/vda5050';
import type { PictureSource } from '../picture/robot-picture.ts';
import { feedErrors } from './feed-errors.ts';

/** The errors of a robot as JSON text. */
export interface ErrorFeed {
  readonly text: string;
  /** Calls `listener` with each changed text. Returns a function that stops this. */
  follow(listener: (text: string) => void): () => void;
  stop(): void;
}

/** Follows the errors of a picture and ignores its other changes. */
export function errorFeed(picture: PictureSource, protocol: Protocol): ErrorFeed {
  const listeners = new Set<(text: string) => void>();
  const textNow = (): string => JSON.stringify(feedErrors(protocol, picture.picture));
  /** Last text that listeners got; undefined without listeners, which most robots do not have. */
  let lastText: string | undefined;
  const unfollow = picture.onChange(() => {
    if (listeners.size === 0) return;
    const next = textNow();
    if (next === lastText) return;
    lastText = next;
    for (const listener of listeners) listener(next);
  });
  return {
    get text() {
      return textNow();
    },
    follow(listener) {
      if (listeners.size === 0) lastText = textNow();
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: unfollow,
  };
}
