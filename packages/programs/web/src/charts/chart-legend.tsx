import { useEffect, useRef } from 'react';
import { texts } from '../texts/texts.ts';
import { clockTime } from '../time/times.ts';
import { type ChartSeries, formatMeasurement, sampleAt } from './chart-series.ts';
import { DASHES, LANES } from './chart-style.ts';
import { cursorOf, onCursor } from './cursor.ts';

/**
 * Series names with their line style and the value at the cursor. Values are written to the DOM directly because they
 * change with every pointer movement.
 */
export function ChartLegend({ series }: { readonly series: readonly ChartSeries[] }) {
  const time = useRef<HTMLSpanElement>(null);
  const values = useRef(new Map<string, HTMLElement>());
  useEffect(() => {
    const paint = (): void => {
      const ms = cursorOf()?.ms;
      if (time.current) time.current.textContent = ms === undefined ? texts.charts.now : clockTime(ms, { digits: 2 });
      for (const { id, samples, unit } of series) {
        const place = values.current.get(id);
        const sample = ms === undefined ? samples.at(-1) : sampleAt(samples, ms);
        if (place) place.textContent = formatMeasurement(sample?.[1], unit);
      }
    };
    paint();
    return onCursor(paint);
  }, [series]);
  return (
    <ul className="row chart-legend">
      {series.map(({ id, label }, place) => (
        <li key={id} className="row">
          <Swatch place={place} />
          <span>{label}</span>
          <output
            className="number"
            aria-live="off"
            ref={(element) => {
              if (element) values.current.set(id, element);
              else values.current.delete(id);
            }}
          />
        </li>
      ))}
      <li className="soft number">
        <span ref={time} />
      </li>
    </ul>
  );
}

/** The line style of a series as the chart draws it. */
export function Swatch({ place }: { readonly place: number }) {
  return (
    <svg className={`chart-swatch chart-lane-${place % LANES.length}`} width="26" height="8" aria-hidden="true">
      <line x1="0" y1="4" x2="26" y2="4" strokeWidth="2.5" strokeDasharray={DASHES[place % DASHES.length]!.join(' ')} />
    </svg>
  );
}
