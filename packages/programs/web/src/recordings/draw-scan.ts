import { fontOf } from '../charts/chart-style.ts';
import { token } from '../themes/theme.ts';
import { isMeasured, type LaserScan } from './laser-scan.ts';

/** Radii of distance rings, metres. */
const RINGS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];
/** Maximum range drawn around the robot, metres; more if the threshold is farther out. */
const NEAR = 6;

/**
 * Returns the radius of the drawing in metres: the whole scan, or in large halls the surroundings of robot and
 * threshold.
 */
function extentOf(scan: LaserScan, threshold: number | undefined): number {
  let farthest = 0;
  for (const range of scan.ranges) if (isMeasured(scan, range) && range > farthest) farthest = range;
  const least = threshold === undefined ? 0.5 : threshold * 1.5;
  return Math.max(least, Math.min(farthest, Math.max(NEAR, (threshold ?? 0) * 4)));
}

/**
 * Draws a scan from above, forward up, into a square canvas of `side` CSS pixels. Points nearer than the threshold are
 * larger and in the colour of harm.
 */
export function drawScan(
  canvas: HTMLCanvasElement,
  scan: LaserScan,
  threshold: number | undefined,
  side: number,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = Math.max(2, devicePixelRatio);
  canvas.width = side * ratio;
  canvas.height = side * ratio;
  context.scale(ratio, ratio);
  context.translate(side / 2, side / 2);
  const extent = extentOf(scan, threshold);
  const scale = (side / 2 - 10) / extent;
  drawRings(context, extent, scale);
  const harm = token('--fault-2');
  if (threshold !== undefined) {
    context.strokeStyle = harm;
    context.lineWidth = 1.5;
    context.setLineDash([5, 3]);
    ring(context, threshold * scale);
    context.setLineDash([]);
  }
  const far = token('--lane-2');
  for (let place = 0; place < scan.ranges.length; place += 1) {
    const range = scan.ranges[place]!;
    if (!isMeasured(scan, range) || range > extent) continue;
    const angle = scan.angle_min + scan.angle_increment * place;
    const isNear = threshold !== undefined && range < threshold;
    const size = isNear ? 5 : 2.5;
    context.fillStyle = isNear ? harm : far;
    const [x, y] = [-Math.sin(angle) * range * scale, -Math.cos(angle) * range * scale];
    context.fillRect(x - size / 2, y - size / 2, size, size);
  }
  drawRobot(context);
}

function drawRings(context: CanvasRenderingContext2D, extent: number, scale: number): void {
  context.strokeStyle = token('--line');
  context.fillStyle = token('--soft');
  context.lineWidth = 1;
  context.font = fontOf(11);
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  const step = RINGS.find((metres) => extent / metres <= 4) ?? RINGS.at(-1)!;
  for (let metres = step; metres <= extent; metres += step) {
    ring(context, metres * scale);
    context.fillText(`${Number(metres.toFixed(1))} m`, 0, metres * scale - 2);
  }
}

/** Draws the robot as an arrowhead that points forward. */
function drawRobot(context: CanvasRenderingContext2D): void {
  context.fillStyle = token('--ink');
  context.beginPath();
  context.moveTo(0, -9);
  context.lineTo(6, 7);
  context.lineTo(0, 3.5);
  context.lineTo(-6, 7);
  context.fill();
}

function ring(context: CanvasRenderingContext2D, radius: number): void {
  context.beginPath();
  context.arc(0, 0, radius, 0, Math.PI * 2);
  context.stroke();
}
