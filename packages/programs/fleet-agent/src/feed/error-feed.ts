import type { Protocol } from '@medkit/vda5050';
import type { PictureSource } from '../picture/robot-picture.ts';
import { toldErrors } from './told-errors.ts';

/** What is wrong with a robot, as JSON text. */
export interface ErrorFeed {
  readonly text: string;
  /** Calls `listener` with each text that is another one. Gives the end of that. */
  follow(listener: (text: string) => void): () => void;
  stop(): void;
}

/** Follows the errors of a picture; of what else changes in it nobody is told. */
export function errorFeed(picture: PictureSource, protocol: Protocol): ErrorFeed {
  const listeners = new Set<(text: string) => void>();
  const textNow = (): string => JSON.stringify(toldErrors(protocol, picture.picture));
  let text = textNow();
  const unfollow = picture.onChange(() => {
    const next = textNow();
    if (next === text) return;
    text = next;
    for (const listener of listeners) listener(text);
  });
  return {
    get text() {
      return text;
    },
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: unfollow,
  };
}
