import { useEffect, useState, useSyncExternalStore } from 'react';

/** The moment shared by chart, timeline, logs and scan, and the view that set it. */
export interface Cursor {
  /** Milliseconds since 1970. */
  readonly ms: number;
  readonly source: string;
}

/** A time range, milliseconds since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * A store outside React. It changes with every pointer movement, and most listeners update the DOM without rendering.
 */
function createStore<Value>() {
  const listeners = new Set<(value: Value | undefined) => void>();
  let value: Value | undefined;
  return {
    get: (): Value | undefined => value,
    set(next: Value | undefined): void {
      value = next;
      for (const listener of [...listeners]) listener(next);
    },
    on(listener: (value: Value | undefined) => void): () => void {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

const cursors = createStore<Cursor>();
const ranges = createStore<TimeRange>();

/** Returns the cursor, or `undefined` if it is not set. */
export const cursorOf = (): Cursor | undefined => cursors.get();

/** Sets or clears the cursor. `source` identifies the caller, so that a listener can ignore its own changes. */
export function setCursor(ms: number | undefined, source: string): void {
  if (ms !== undefined && !Number.isFinite(ms)) return;
  if (ms === cursors.get()?.ms) return;
  cursors.set(ms === undefined ? undefined : { ms, source });
}

/** Calls the listener synchronously on every cursor move. */
export const onCursor = (listener: (cursor: Cursor | undefined) => void): (() => void) => cursors.on(listener);

/** Returns the visible time range, or `undefined` if everything is shown. */
export const visibleRange = (): TimeRange | undefined => ranges.get();

/** Sets the visible range of all views with a time axis; `undefined` shows everything. */
export function setVisibleRange(range: TimeRange | undefined): void {
  if (range !== undefined && !(range.toMs > range.fromMs)) return;
  const now = ranges.get();
  if (now?.fromMs === range?.fromMs && now?.toMs === range?.toMs) return;
  ranges.set(range);
}

export const onVisibleRange = (listener: (range: TimeRange | undefined) => void): (() => void) => ranges.on(listener);

/** The visible time range as React state. */
export function useVisibleRange(): TimeRange | undefined {
  return useSyncExternalStore(ranges.on, ranges.get);
}

/** The cursor position as React state, updated at most once a frame. */
export function useCursorMs(): number | undefined {
  const [ms, setMs] = useState(cursors.get()?.ms);
  useEffect(() => {
    let frame = 0;
    const follow = (): void => {
      frame = 0;
      setMs(cursors.get()?.ms);
    };
    const stop = cursors.on(() => {
      frame ||= requestAnimationFrame(follow);
    });
    follow();
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, []);
  return ms;
}
