import { useEffect, useState } from 'react';
import { cursorOf, onCursor } from '../charts/cursor.ts';
import type { BagMessage } from './bag-messages.ts';
import { messageOf } from './bag-problem.ts';
import type { Bag } from './open-bag.ts';

/** The last message of a topic at the cursor, or the reason why it cannot be read. */
export interface MessageAtCursor {
  readonly topic: string;
  readonly found?: BagMessage | undefined;
  readonly problem?: string;
}

/**
 * The message of a topic at the cursor, or at the beginning if no cursor is set. Sends one request at a time and
 * continues with the latest cursor.
 */
export function useMessageAtCursor(bag: Bag, topic: string | undefined): MessageAtCursor | undefined {
  const [state, setState] = useState<MessageAtCursor>();
  useEffect(() => {
    if (topic === undefined) return;
    let isHere = true;
    let isAsking = false;
    let requestedMs: number | undefined;
    const follow = async (): Promise<void> => {
      if (isAsking) return;
      isAsking = true;
      try {
        for (let ms = wanted(); isHere && ms !== requestedMs; ms = wanted()) {
          requestedMs = ms;
          const found = await bag.messageAt(topic, ms);
          if (isHere)
            setState((last) => (last?.topic === topic && last.found?.ms === found?.ms ? last : { topic, found }));
        }
      } catch (error) {
        if (isHere) setState({ topic, problem: messageOf(error) });
      } finally {
        isAsking = false;
      }
    };
    const wanted = (): number => cursorOf()?.ms ?? bag.startMs;
    void follow();
    const stop = onCursor(() => void follow());
    return () => {
      isHere = false;
      stop();
    };
  }, [bag, topic]);
  return state?.topic === topic ? state : undefined;
}
