import { useCallback, useEffect, useRef, useState } from 'react';
import { gateway } from '../gateway/gateway.ts';
import { appended, type LogLine, MAX_LINES } from './log-lines.ts';
import { repeat } from './repeated.ts';

const EVERY_MS = 2000;

/** A time that somebody asked for, ISO 8601; a log without an end is followed. */
interface Span {
  readonly since: string | undefined;
  readonly until: string | undefined;
}

interface FollowedLog {
  /** `undefined` until the first of it has come. */
  readonly lines: readonly LogLine[] | undefined;
  readonly error: Error | undefined;
  /** `x-medkit` of the last reply: which sources did not answer. */
  readonly about: unknown;
  /** Asks again after an error. */
  readonly again: () => void;
}

/** The log of the whole robot: what is kept of it, then what comes, asked for every two seconds while the page is seen. */
export function useLog({ since, until }: Span): FollowedLog {
  const [lines, setLines] = useState<readonly LogLine[]>();
  const [error, setError] = useState<Error>();
  const [about, setAbout] = useState<unknown>();
  const [tries, setTries] = useState(0);
  const lastId = useRef<string>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try begins anew.
  useEffect(() => {
    lastId.current = undefined;
    setLines(undefined);
    const ask = async (signal: AbortSignal): Promise<void> => {
      const isFirst = lastId.current === undefined;
      const from = lastId.current ?? since;
      const query = {
        limit: MAX_LINES,
        ...(from !== undefined && { since: from }),
        ...(isFirst && until !== undefined && { until }),
      };
      try {
        const { items, 'x-medkit': reported } = await gateway().call('listRosout', { query, signal });
        if (signal.aborted) return;
        lastId.current = items.at(-1)?.id ?? lastId.current;
        setLines((before) => appended(isFirst ? [] : (before ?? []), items));
        setAbout(reported);
        setError(undefined);
      } catch (failure) {
        if (!signal.aborted) setError(failure as Error);
      }
    };
    const isFollowed = until === undefined;
    let isOpening = true;
    const asked = repeat(ask, {
      everyMs: isFollowed ? EVERY_MS : undefined,
      // A page that is opened in a tab behind has something to show when it is seen.
      isWanted: () => isOpening || !document.hidden,
    });
    isOpening = false;
    /** Somebody who comes back to the page sees at once what came meanwhile. */
    const seen = (): void => {
      if (isFollowed) asked.now();
    };
    document.addEventListener('visibilitychange', seen);
    return () => {
      asked.end();
      document.removeEventListener('visibilitychange', seen);
    };
  }, [since, until, tries]);
  return { lines, about, error, again: useCallback(() => setTries((count) => count + 1), []) };
}
