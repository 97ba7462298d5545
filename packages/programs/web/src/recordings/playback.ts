import { useEffect, useState } from 'react';
import { cursorOf, setCursor, type TimeRange } from '../charts/cursor.ts';

/** Playback speeds relative to the recording time. */
export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;
/** Maximum step of a frame, so that playback does not jump when a hidden tab becomes visible. */
const MAX_FRAME_MS = 100;

/** Plays a recording by moving the cursor. Starts at the beginning if the cursor is at the end or outside. */
export function usePlayback({ fromMs, toMs }: TimeRange) {
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(1);
  useEffect(() => {
    if (!isPlaying) return;
    const now = cursorOf()?.ms;
    let ms = now === undefined || now < fromMs || now >= toMs ? fromMs : now;
    let last: number | undefined;
    let frame = requestAnimationFrame(function step(time) {
      // The user moved the cursor: playback continues from there.
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
