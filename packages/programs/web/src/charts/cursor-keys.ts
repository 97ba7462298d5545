import { clockTime } from '../time/times.ts';
import { type ChartModel, movedTo, wholeRange } from './chart-model.ts';
import { cursorSentence } from './chart-sentence.ts';
import { formatMeasurement, sampleAt, sampleMoment } from './chart-series.ts';
import { cursorOf, setCursor, setVisibleRange, visibleRange } from './cursor.ts';

const LARGE_STEP = 10;
/** Minimum interval of announcements; screen readers cannot speak faster. */
const ANNOUNCE_MS = 1000;

/**
 * Moves the cursor by samples: arrow keys by one, with Shift by ten, Home and End to the ends. Returns `false` for
 * other keys.
 */
export function moveByKey(key: string, hasShift: boolean, model: ChartModel): boolean {
  const steps = (hasShift ? LARGE_STEP : 1) * (key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0);
  if (steps === 0 && key !== 'Home' && key !== 'End') return false;
  const whole = wholeRange(model);
  const now = cursorOf()?.ms;
  const ms =
    key === 'Home'
      ? whole.fromMs
      : key === 'End'
        ? whole.toMs
        : sampleMoment(model.series, now ?? (steps > 0 ? whole.fromMs : whole.toMs), now === undefined ? 0 : steps);
  if (ms === undefined) return true;
  const seen = visibleRange();
  if (seen) setVisibleRange(movedTo(seen, ms));
  setCursor(ms, 'keys');
  return true;
}

/**
 * Announces the cursor position and its values: the first move immediately, later moves once a second, the last
 * position always.
 */
export function createAnnouncer(place: () => HTMLElement | null): (model: ChartModel) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (model: ChartModel): void => {
    timer = undefined;
    lastMs = performance.now();
    const ms = cursorOf()?.ms;
    const element = place();
    if (ms === undefined || !element) return;
    element.textContent = cursorSentence(
      clockTime(ms, { digits: 2 }),
      model.series.map(({ label, unit, samples }) => [label, formatMeasurement(sampleAt(samples, ms)?.[1], unit)]),
    );
  };
  return (model) => {
    clearTimeout(timer);
    const waitMs = lastMs + ANNOUNCE_MS - performance.now();
    if (waitMs <= 0) say(model);
    else timer = setTimeout(say, waitMs, model);
  };
}
