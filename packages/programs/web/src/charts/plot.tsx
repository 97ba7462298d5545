import { useEffect, useRef } from 'react';
import 'uplot/dist/uPlot.min.css';
import { onTheme } from '../themes/theme.ts';
import type { ChartPlot } from './chart-model.ts';
import { onCursor, onVisibleRange } from './cursor.ts';
import { type OpenChart, openChart } from './open-chart.ts';
import { followPointer } from './pointer.ts';
import { onPrint } from './print.ts';

interface PlotProps {
  readonly plot: ChartPlot;
  /** With the axes, CSS pixels. */
  readonly height: number;
}

/** The values of one unit, drawn by uPlot into a canvas. It follows the cursor and the visible range of the page. */
export function Plot({ plot, height }: PlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<OpenChart>(undefined);
  const latest = useRef(plot);
  latest.current = plot;
  useEffect(() => {
    const opened = openChart(host.current!, latest.current, height);
    chart.current = opened;
    const observer = new ResizeObserver(() => opened.resize());
    observer.observe(host.current!);
    const ends = [
      onTheme(() => opened.restyle()),
      onPrint((isPaper) => opened.restyle(isPaper ? 2 : 1)),
      onCursor(() => opened.followCursor()),
      onVisibleRange(() => opened.followRange()),
      followPointer(host.current!, opened),
      () => observer.disconnect(),
      () => opened.close(),
    ];
    return () => {
      for (const end of ends) end();
      chart.current = undefined;
    };
  }, [height]);
  useEffect(() => chart.current?.show(plot), [plot]);
  return <div ref={host} aria-hidden="true" style={{ minHeight: height }} />;
}
