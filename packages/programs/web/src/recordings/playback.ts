import { useEffect, useState } from 'react';
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
