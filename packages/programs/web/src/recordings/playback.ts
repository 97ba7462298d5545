import { useEffect, useState } from 'react';
import { WITHIN_MS } from '../charts/chart-series.ts';
import { cursorOf, setCursor, type TimeRange } from '../charts/cursor.ts';

/** How fast a recording is played, against the time it was recorded in. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;
/** A tab that was hidden does not jump when it is seen again. */
const MAX_FRAME_MS = 100;

/** Moves the cursor through a recording; from the beginning where it is at the end or elsewhere. */
export function usePlayback({ fromMs, toMs }: TimeRange) {
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(1);
  useEffect(() => {
    if (!isPlaying) return;
    const now = cursorOf()?.ms;
    let ms = now === undefined || now < fromMs || now >= toMs ? fromMs : now;
    let last: number | undefined;
    let frame = requestAnimationFrame(function step(time) {
      // Somebody has taken the cursor elsewhere: it goes on from there.
      const cursor = cursorOf();
      if (cursor && cursor.source !== 'play') ms = cursor.ms;
      ms = Math.min(toMs, ms + Math.min(MAX_FRAME_MS, last === undefined ? 0 : time - last) * speed);
      last = time;
      setCursor(ms, 'play');
      if (ms >= toMs) setPlaying(false);
      else frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, fromMs, toMs]);
  return { isPlaying, toggle: () => setPlaying(!isPlaying), speed, setSpeed };
}

/** The moment `steps` away from `ms` in a list of moments in order; stays within it. */
export function momentBeside(moments: readonly number[], ms: number, steps: 1 | -1): number | undefined {
  const found = steps > 0 ? moments.find((at) => at > ms + WITHIN_MS) : moments.findLast((at) => at < ms - WITHIN_MS);
  return found ?? (steps > 0 ? moments.at(-1) : moments[0]);
}
