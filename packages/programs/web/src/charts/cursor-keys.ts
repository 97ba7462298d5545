import { clockTime } from '../time/times.ts';
import { type ChartModel, movedTo, wholeRange } from './chart-model.ts';
import { cursorSentence } from './chart-sentence.ts';
import { sampleAt, sampleMoment, valueInWords } from './chart-series.ts';
import { cursorOf, setCursor, setVisibleRange, visibleRange } from './cursor.ts';

const LARGE_STEP = 10;
/** Nobody can hear more of them than one in this time. */
const ANNOUNCE_MS = 1000;

/** Moves the cursor by the samples of a chart: arrows by one, with Shift by ten, Home and End to the ends. False for other keys. */
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

/** Says where the cursor is and what is there: at once, then once a second at most, the last place in any case. */
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
      model.series.map(({ label, unit, samples }) => [label, valueInWords(sampleAt(samples, ms)?.[1], unit)]),
    );
  };
  return (model) => {
    clearTimeout(timer);
    const waitMs = lastMs + ANNOUNCE_MS - performance.now();
    if (waitMs <= 0) say(model);
    else timer = setTimeout(say, waitMs, model);
  };
}
