import { useEffect, useState, useSyncExternalStore } from 'react';

/** The moment that chart, timeline, logs and scan point at together, and who put it there. */
export interface Cursor {
  /** Milliseconds since 1970. */
  readonly ms: number;
  readonly source: string;
}

/** A part of the time line, milliseconds since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A value outside React: it changes with every movement of a pointer, and most of what hears it paints and draws nothing anew. */
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

/** Where the cursor is; `undefined` while nobody has put it anywhere. */
export const cursorOf = (): Cursor | undefined => cursors.get();

/** Puts the cursor to a moment, or takes it away. `source` says who does: a listener leaves out what comes from itself. */
export function setCursor(ms: number | undefined, source: string): void {
  if (ms !== undefined && !Number.isFinite(ms)) return;
  if (ms === cursors.get()?.ms) return;
  cursors.set(ms === undefined ? undefined : { ms, source });
}

/** Hears every move of the cursor, at once. */
export const onCursor = (listener: (cursor: Cursor | undefined) => void): (() => void) => cursors.on(listener);

/** The part of time that is looked at; `undefined` for all there is. */
export const visibleRange = (): TimeRange | undefined => ranges.get();

/** Shows a part of time in everything that has a time axis; `undefined` shows all. */
export function setVisibleRange(range: TimeRange | undefined): void {
  if (range !== undefined && !(range.toMs > range.fromMs)) return;
  const now = ranges.get();
  if (now?.fromMs === range?.fromMs && now?.toMs === range?.toMs) return;
  ranges.set(range);
}

export const onVisibleRange = (listener: (range: TimeRange | undefined) => void): (() => void) => ranges.on(listener);

/** The part of time that is looked at, for what is drawn anew with it. */
export function useVisibleRange(): TimeRange | undefined {
  return useSyncExternalStore(ranges.on, ranges.get);
}

/** Where the cursor is, for what is drawn anew with it: once in a frame at most. */
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
