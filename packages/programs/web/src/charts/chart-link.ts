import { useEffect } from 'react';
import { changeSearch } from '../routes/location.ts';
import { cursorOf, onCursor, onVisibleRange, setCursor, setVisibleRange, visibleRange } from './cursor.ts';

/** Time without movement after which cursor and range are written to the URL. */
const REST_MS = 300;

/** Writes a change that is not in the URL yet; absent if there is none. */
let writePending: (() => void) | undefined;

/**
 * Keeps the cursor (`t`) and the visible range (`from`, `to`) of a page in its URL, so that a link to it opens the same
 * view. Both are reset for the next page.
 */
export function useChartLink(): void {
  useEffect(() => {
    const search = new URLSearchParams(location.search);
    const momentOf = (name: string): number => Date.parse(search.get(name) ?? '');
    setVisibleRange({ fromMs: momentOf('from'), toMs: momentOf('to') });
    setCursor(momentOf('t'), 'address');
    const page = location.pathname;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = (): void => {
      clearTimeout(timer);
      writePending = undefined;
      if (location.pathname !== page) return;
      const range = visibleRange();
      changeSearch({ t: isoTime(cursorOf()?.ms), from: isoTime(range?.fromMs), to: isoTime(range?.toMs) });
    };
    const writeSoon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(write, REST_MS);
      writePending = write;
    };
    const stops = [onCursor(writeSoon), onVisibleRange(writeSoon)];
    return () => {
      for (const stop of stops) stop();
      clearTimeout(timer);
      writePending = undefined;
      setCursor(undefined, 'address');
      setVisibleRange(undefined);
    };
  }, []);
}

/** Returns the URL of the current view, also if cursor or range moved just now. */
export function linkToView(): string {
  writePending?.();
  return location.href;
}

const isoTime = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(Math.round(ms)).toISOString();
