import uPlot from 'uplot';
import { type ChartPlot, wholeRange } from './chart-model.ts';
import { chartOptions } from './chart-options.ts';
import { drawBands, drawOver, scaleOf } from './chart-overlay.ts';
import { sampleAt } from './chart-series.ts';
import { chartStyle } from './chart-style.ts';
import { cursorOf, type TimeRange, visibleRange } from './cursor.ts';
import { joinSeries } from './join-series.ts';

/** A chart that is shown on the page. */
export interface OpenChart {
  /** Shows another plot. If only samples were added to the same series, the chart is redrawn, not rebuilt. */
  show(plot: ChartPlot): void;
  /** Redraws with the colours of the current theme; `scale` is 2 for print. */
  restyle(scale?: number): void;
  resize(): void;
  /** Applies the current visible range. */
  followRange(): void;
  /** Moves the cursor line to the current cursor. */
  followCursor(): void;
  /** Returns the moment at a screen position, snapped to a nearby sample. */
  momentAt(clientX: number): number | undefined;
  /** Returns the screen rectangle of the plot area. */
  plot(): DOMRect;
  close(): void;
}

/** Distance to a sample within which the cursor snaps to it, CSS pixels. */
const PULL = 12;

/** Draws a chart into an element: `height` CSS pixels high and as wide as the element. */
export function openChart(host: HTMLElement, first: ChartPlot, height: number): OpenChart {
  let model = first;
  let scale = 1;
  let u = make();
  let line = cursorLine();
  let dots: readonly HTMLElement[] = cursorDots();
  apply();

  function make(): uPlot {
    const look = chartStyle(scale);
    // A chart drawn at double size is shown with zoom 0.5. The width is measured without zoom.
    host.style.setProperty('zoom', '');
    const width = Math.max(120, host.clientWidth || 600);
    if (scale !== 1) host.style.setProperty('zoom', String(1 / scale));
    const options = chartOptions(() => model, look, { width: width * scale, height: height * scale });
    options.hooks = {
      drawClear: [(uplot) => drawBands(uplot, model, look)],
      draw: [(uplot) => drawOver(uplot, model, look)],
    };
    return new uPlot(options, joinSeries(model.series) as uPlot.AlignedData, host);
  }
  function cursorLine(): HTMLElement {
    const made = document.createElement('div');
    made.className = 'chart-cursor';
    u.over.append(made);
    return made;
  }
  function cursorDots(): readonly HTMLElement[] {
    return model.series.map((_, place) => {
      const made = document.createElement('div');
      made.className = `chart-dot chart-lane-${model.places[place]! % 6}`;
      u.over.append(made);
      return made;
    });
  }
  function apply(): void {
    const { fromMs, toMs } = currentRange();
    u.batch(() => {
      u.setData(joinSeries(model.series) as uPlot.AlignedData, false);
      u.setScale('x', { min: fromMs, max: toMs });
    });
    followCursor();
  }
  function currentRange(): TimeRange {
    return visibleRange() ?? wholeRange(model);
  }
  function followCursor(): void {
    const ms = cursorOf()?.ms;
    const { fromMs, toMs } = currentRange();
    const isSeen = ms !== undefined && ms >= fromMs && ms <= toMs;
    line.hidden = !isSeen;
    const width = u.over.clientWidth;
    const x = isSeen ? ((ms - fromMs) / (toMs - fromMs)) * width : 0;
    line.style.transform = `translateX(${x}px)`;
    for (const [place, dot] of dots.entries()) {
      const series = model.series[place];
      const sample = isSeen && series ? sampleAt(series.samples, ms) : undefined;
      const at = sample && ((sample[0] - fromMs) / (toMs - fromMs)) * width;
      dot.hidden = sample === undefined || at === undefined || at < 0 || !Number.isFinite(sample[1]);
      if (dot.hidden || !sample || !series) continue;
      const y = u.valToPos(sample[1], scaleOf(series.unit ?? ''));
      dot.style.transform = `translate(${series.step ? x : at}px, ${y}px)`;
    }
  }
  function rebuild(): void {
    u.destroy();
    u = make();
    line = cursorLine();
    dots = cursorDots();
    apply();
  }
  return {
    show(next) {
      const isSame = shapeOf(next) === shapeOf(model);
      model = next;
      if (isSame) apply();
      else rebuild();
    },
    restyle(next = 1) {
      scale = next;
      rebuild();
    },
    resize() {
      if (scale !== 1 || host.clientWidth === 0 || Math.abs(host.clientWidth - u.width) < 1) return;
      u.setSize({ width: Math.max(120, host.clientWidth), height });
      requestAnimationFrame(followCursor);
    },
    followRange() {
      const { fromMs, toMs } = currentRange();
      u.setScale('x', { min: fromMs, max: toMs });
      requestAnimationFrame(followCursor);
    },
    followCursor,
    momentAt(clientX) {
      const { left, width } = u.over.getBoundingClientRect();
      if (width === 0) return undefined;
      const { fromMs, toMs } = currentRange();
      const ms = fromMs + ((clientX - left) / width) * (toMs - fromMs);
      const near = u.data[0].length === 0 ? undefined : u.data[0][u.valToIdx(ms)];
      const isNear = near !== undefined && Math.abs(near - ms) * (width / (toMs - fromMs)) < PULL;
      return Math.min(toMs, Math.max(fromMs, isNear ? near : ms));
    },
    plot: () => u.over.getBoundingClientRect(),
    close: () => u.destroy(),
  };
}

/** Returns a key of the properties that require a new uPlot instance when they change. */
function shapeOf({ series, places, marks, isFirst, isLast }: ChartPlot): string {
  return JSON.stringify([
    marks.length > 0,
    isFirst,
    isLast,
    places,
    series.map(({ id, label, unit, step }) => [id, label, unit, step]),
  ]);
}
