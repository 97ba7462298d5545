import { useEffect, useRef } from 'react';
import { formatMeasurement } from '../charts/chart-series.ts';
import { onPrint } from '../charts/print.ts';
import { onTheme } from '../themes/theme.ts';
import { Time } from '../time/time.tsx';
import type { BagMessage } from './bag-messages.ts';
import { drawScan } from './draw-scan.ts';
import { isScan, leastRange } from './laser-scan.ts';
import { recordingTexts } from './texts.ts';

interface ScanViewProps {
  readonly topic: string;
  readonly found: BagMessage;
  /** Threshold in metres; nearer points are drawn as harmful. */
  readonly threshold?: number | undefined;
}

/** Size limits of the drawing, CSS pixels. */
const MIN_SIDE = 160;
const MAX_SIDE = 380;

/** A laser scan from above, with its nearest point as text. */
export function ScanView({ topic, found: { ms, message }, threshold }: ScanViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scan = isScan(message) ? message : undefined;
  useEffect(() => {
    const element = canvas.current;
    if (!element || !scan) return;
    const draw = (): void =>
      drawScan(
        element,
        scan,
        threshold,
        Math.min(MAX_SIDE, Math.max(MIN_SIDE, element.parentElement?.clientWidth ?? MAX_SIDE)),
      );
    draw();
    const observer = new ResizeObserver(draw);
    observer.observe(element.parentElement!);
    const ends = [onTheme(draw), onPrint(draw), () => observer.disconnect()];
    return () => {
      for (const end of ends) end();
    };
  }, [scan, threshold]);
  if (!scan) return <p className="soft">{recordingTexts.noScan}</p>;
  const nearest = leastRange(scan);
  const label = nearest
    ? recordingTexts.least(formatMeasurement(nearest.range, 'm'), Math.round(nearest.degrees))
    : recordingTexts.nothingMeasured;
  const isNear = nearest !== undefined && threshold !== undefined && nearest.range < threshold;
  return (
    <figure className="recording-scan">
      <div>
        <canvas ref={canvas} role="img" aria-label={`${topic}: ${label}`} />
      </div>
      <figcaption className="row">
        <span className={isNear ? 'recording-harm' : ''}>{label}</span>
        <span className="soft">
          <Time ms={ms} digits={3} />
        </span>
      </figcaption>
    </figure>
  );
}
