import { useEffect } from 'react';
import { cursorOf, onCursor, setCursor } from '../charts/cursor.ts';
import { copyText } from '../controls/copy-button.tsx';
import { useKeys } from '../keys/single-keys.ts';
import { changeSearch } from '../routes/location.ts';
import { adjacentEvent, type Event } from './timeline-lanes.ts';

/** Time without movement after which the cursor is written to the URL. */
const REST_MS = 300;

/** Keeps the cursor in the URL (`?t=`), and steps through events with `[` and `]`. */
export function useIncidentCursor(events: readonly Event[]): void {
  useEffect(() => {
    const requestedMs = Date.parse(new URLSearchParams(location.search).get('t') ?? '');
    if (!Number.isNaN(requestedMs)) setCursor(requestedMs, 'address');
    const page = location.pathname;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onCursor(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (location.pathname !== page) return;
        const ms = cursorOf()?.ms;
        changeSearch({ t: ms === undefined ? undefined : new Date(ms).toISOString() });
      }, REST_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
      setCursor(undefined, 'address');
    };
  }, []);
  useKeys(({ key }) => {
    if (key === 'c') void copyText(location.href);
    else if (key === ']' || key === '[') {
      const next = adjacentEvent(events, cursorOf()?.ms, key === ']' ? 1 : -1);
      if (next) setCursor(next.ms, 'keys');
    } else return false;
    return true;
  });
}
