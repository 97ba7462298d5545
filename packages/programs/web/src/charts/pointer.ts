import { setCursor, setVisibleRange } from './cursor.ts';
import type { OpenChart } from './open-chart.ts';

/** Minimum drag distance, CSS pixels; a shorter drag counts as a click. */
const LEAST_DRAG = 8;

/**
 * Handles the pointer on a chart: moving a mouse or finger moves the cursor, dragging a mouse zooms into the range, a
 * double click shows everything.
 */
export function followPointer(host: HTMLElement, chart: OpenChart): () => void {
  const aborter = new AbortController();
  const { signal } = aborter;
  const selection = document.createElement('div');
  selection.className = 'chart-selection';
  selection.hidden = true;
  host.append(selection);
  let beganX: number | undefined;

  const isInside = ({ clientX, clientY }: PointerEvent | MouseEvent): boolean => {
    const { left, right, top, bottom } = chart.plot();
    return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  };
  const point = (event: PointerEvent): void => {
    if (beganX !== undefined && event.pointerType === 'mouse') select(beganX, event.clientX);
    if (isInside(event)) setCursor(chart.momentAt(event.clientX), 'chart');
  };
  const select = (fromX: number, toX: number): void => {
    const { left, right, top, height } = chart.plot();
    const bounds = host.getBoundingClientRect();
    const [a, b] = [Math.max(left, Math.min(fromX, toX)), Math.min(right, Math.max(fromX, toX))];
    selection.hidden = b - a < LEAST_DRAG;
    Object.assign(selection.style, {
      left: `${a - bounds.left}px`,
      top: `${top - bounds.top}px`,
      width: `${b - a}px`,
      height: `${height}px`,
    });
  };
  const finish = (event: PointerEvent): void => {
    const fromX = beganX;
    beganX = undefined;
    selection.hidden = true;
    if (fromX === undefined || Math.abs(event.clientX - fromX) < LEAST_DRAG) return;
    const ends = [chart.momentAt(fromX), chart.momentAt(event.clientX)].filter((ms) => ms !== undefined);
    setVisibleRange({ fromMs: Math.min(...ends), toMs: Math.max(...ends) });
  };
  host.addEventListener('pointermove', point, { signal });
  host.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0 || !isInside(event)) return;
      if (event.pointerType !== 'mouse') return point(event);
      beganX = event.clientX;
      host.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  host.addEventListener('pointerup', finish, { signal });
  host.addEventListener('pointercancel', finish, { signal });
  host.addEventListener('dblclick', (event) => isInside(event) && setVisibleRange(undefined), { signal });
  return () => {
    aborter.abort();
    selection.remove();
  };
}
