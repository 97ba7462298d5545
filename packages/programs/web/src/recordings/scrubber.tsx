import { Pause, Play, StepBack, StepForward } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { cursorOf, onCursor, setCursor } from '../charts/cursor.ts';
import { useKeys } from '../keys/single-keys.ts';
import { clockTime } from '../time/times.ts';
import type { Bag } from './open-bag.ts';
import { SPEEDS, usePlayback } from './playback.ts';
import { recordingTexts } from './texts.ts';

/** Messages skipped by an arrow key with Shift. */
const LARGE_STEP = 10;

/** Plays a recording and steps through it by slider or by messages of a topic. */
export function Scrubber({ bag, topic }: { readonly bag: Bag; readonly topic: string | undefined }) {
  const slider = useRef<HTMLInputElement>(null);
  const time = useRef<HTMLOutputElement>(null);
  const step = useStep(bag, topic);
  const { startMs, endMs } = bag;
  const { isPlaying, toggle, speed, setSpeed } = usePlayback({ fromMs: startMs, toMs: endMs });
  useKeys(({ key, shiftKey, target }) => {
    // On buttons and links these keys have their native function.
    if ((target as HTMLElement).closest('button, a, summary')) return false;
    if (key === ' ') toggle();
    else if (key === 'ArrowLeft' || key === 'ArrowRight') step(key === 'ArrowLeft' ? -1 : 1, shiftKey ? LARGE_STEP : 1);
    else return false;
    return true;
  });
  useEffect(() => {
    const paint = (): void => {
      const ms = cursorOf()?.ms ?? startMs;
      const text = clockTime(ms, { digits: 3 });
      if (time.current) time.current.textContent = text;
      if (!slider.current) return;
      slider.current.value = String(Math.round(ms - startMs));
      slider.current.setAttribute('aria-valuetext', text);
    };
    paint();
    return onCursor(paint);
  }, [startMs]);
  return (
    <div className="row recording-scrub">
      <button
        type="button"
        className="button"
        onClick={toggle}
        aria-label={isPlaying ? recordingTexts.pause : recordingTexts.play}
      >
        {isPlaying ? <Pause size={16} aria-hidden="true" /> : <Play size={16} aria-hidden="true" />}
      </button>
      <button type="button" className="button" onClick={() => step(-1)} aria-label={recordingTexts.previous}>
        <StepBack size={16} aria-hidden="true" />
      </button>
      <button type="button" className="button" onClick={() => step(1)} aria-label={recordingTexts.next}>
        <StepForward size={16} aria-hidden="true" />
      </button>
      <input
        ref={slider}
        type="range"
        min={0}
        max={Math.max(1, Math.ceil(endMs - startMs))}
        step={1}
        defaultValue={0}
        aria-label={recordingTexts.moment}
        onChange={(event) => setCursor(startMs + Number(event.target.value), 'scrub')}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
          event.preventDefault();
          event.stopPropagation();
          step(event.key === 'ArrowLeft' ? -1 : 1, event.shiftKey ? LARGE_STEP : 1);
        }}
      />
      <output ref={time} className="number" aria-live="off" />
      <label className="row">
        <span className="visually-hidden">{recordingTexts.speed}</span>
        <select value={speed} onChange={(event) => setSpeed(Number(event.target.value))}>
          {SPEEDS.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Returns a function that moves the cursor by `count` messages of the topic and stops at the first or last one. */
function useStep(bag: Bag, topic: string | undefined): (direction: 1 | -1, count?: number) => void {
  const isAsking = useRef(false);
  const move = async (of: string, direction: 1 | -1, count: number): Promise<void> => {
    let ms = cursorOf()?.ms ?? bag.startMs;
    for (let left = count; left > 0; left -= 1) {
      const next = await bag.momentBeside(of, ms, direction);
      if (next === undefined) break;
      ms = next;
    }
    setCursor(ms, 'scrub');
  };
  return (direction, count = 1) => {
    if (topic === undefined || isAsking.current) return;
    isAsking.current = true;
    move(topic, direction, count)
      .catch((error: unknown) => console.info('cannot read the message at the cursor', error))
      .finally(() => {
        isAsking.current = false;
      });
  };
}
