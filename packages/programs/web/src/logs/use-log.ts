import { useCallback, useEffect, useRef, useState } from 'react';
import { gateway } from '../gateway/gateway.ts';
import { appendLines, type LogLine, MAX_LINES } from './log-lines.ts';
import { repeat } from './repeated.ts';

const EVERY_MS = 2000;

/** Requested time range, ISO 8601; a log without `until` is followed. */
interface Span {
  readonly since: string | undefined;
  readonly until: string | undefined;
}

interface FollowedLog {
  /** `undefined` until the first reply. */
  readonly lines: readonly LogLine[] | undefined;
  readonly error: Error | undefined;
  /** `x-medkit` of the last reply: the sources that did not answer. */
  readonly about: unknown;
  /** Retries after an error. */
  readonly again: () => void;
}

/**
 * The log of the whole robot: stored lines first, then new lines, polled every two seconds while the page is visible.
 */
export function useLog({ since, until }: Span): FollowedLog {
  const [lines, setLines] = useState<readonly LogLine[]>();
  const [error, setError] = useState<Error>();
  const [about, setAbout] = useState<unknown>();
  const [tries, setTries] = useState(0);
  const lastId = useRef<string>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a retry restarts the log.
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
        setLines((before) => appendLines(isFirst ? [] : (before ?? []), items));
        setAbout(reported);
        setError(undefined);
      } catch (failure) {
        if (!signal.aborted) setError(failure as Error);
      }
    };
    const isFollowed = until === undefined;
    let isOpening = true;
    const poll = repeat(ask, {
      everyMs: isFollowed ? EVERY_MS : undefined,
      // Loads once even in a background tab, so that it has content when it becomes visible.
      isWanted: () => isOpening || !document.hidden,
    });
    isOpening = false;
    /** Updates immediately when the user returns to the page. */
    const seen = (): void => {
      if (isFollowed) poll.now();
    };
    document.addEventListener('visibilitychange', seen);
    return () => {
      poll.end();
      document.removeEventListener('visibilitychange', seen);
    };
  }, [since, until, tries]);
  return { lines, about, error, again: useCallback(() => setTries((count) => count + 1), []) };
}
