import { useEffect, useRef, useState } from 'react';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { drawScan } from '../recordings/draw-scan.ts';
import { onTheme, token } from '../themes/theme.ts';
import { useLiveValue } from './use-live-value.ts';
import './live-picture.css';
import { type Colour, gridOf, type PictureType, pixelsOf, scanOf } from './picture-values.ts';
import { t } from './texts.ts';

interface LivePictureProps {
  /** The whole value, as `watch` of the live stream expects it. */
  readonly watch: string;
  readonly type: PictureType;
}

/** Minimum time between two drawings, milliseconds: a picture that changes faster is no easier to read. */
const EVERY_MS = 250;
/** Largest side of a scan, CSS pixels. */
const SIDE = 380;

/** The current laser scan or map, drawn when a new value arrives. The values beside it say the same as text. */
export function LivePicture({ watch, type }: LivePictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const newest = useRef<unknown>(undefined);
  const drawnMs = useRef(Number.NEGATIVE_INFINITY);
  const [isDrawn, setDrawn] = useState<boolean>();
  const draw = (): void => {
    if (newest.current === undefined || !canvas.current) return;
    drawnMs.current = gatewayNowMs();
    setDrawn(paint(canvas.current, type, newest.current));
  };
  useLiveValue(
    watch,
    ({ value, hasValue }) => {
      if (!hasValue || value === newest.current || gatewayNowMs() - drawnMs.current < EVERY_MS) return;
      newest.current = value;
      draw();
    },
    { isLatched: type === 'nav_msgs/msg/OccupancyGrid' },
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: `draw` reads only refs and the type.
  useEffect(() => onTheme(draw), [type]);
  return (
    <div className="live-picture">
      <canvas ref={canvas} role="img" aria-label={t.label[type]} hidden={isDrawn !== true} />
      {isDrawn === false && <p className="soft">{t.notDrawn}</p>}
    </div>
  );
}

/** Draws a value. Returns `false` if it is not of its type, or too large. */
function paint(canvas: HTMLCanvasElement, type: PictureType, value: unknown): boolean {
  if (type === 'sensor_msgs/msg/LaserScan') {
    const scan = scanOf(value);
    if (scan) drawScan(canvas, scan, undefined, Math.min(SIDE, canvas.parentElement?.clientWidth || SIDE));
    return scan !== undefined;
  }
  const map = gridOf(value);
  const context = canvas.getContext('2d');
  if (!map || !context) return false;
  canvas.width = map.width;
  canvas.height = map.height;
  const pixels = pixelsOf(map, colourOf(token('--raised'), context), colourOf(token('--ink'), context));
  context.putImageData(new ImageData(new Uint8ClampedArray(pixels), map.width, map.height), 0, 0);
  return true;
}

/** Reads a CSS colour by drawing one pixel. */
function colourOf(css: string, context: CanvasRenderingContext2D): Colour {
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
