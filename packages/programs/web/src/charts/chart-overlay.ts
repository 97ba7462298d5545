import type uPlot from 'uplot';
import { type ChartModel, type ChartPlot, unitOfThreshold } from './chart-model.ts';
import { formatLimit } from './chart-series.ts';
import { type ChartStyle, fontOf } from './chart-style.ts';
import { type Box, placeLabel } from './label-place.ts';
import { layOutMarks } from './mark-layout.ts';

/** Height of a row of flags above the plot in CSS pixels, and the maximum number of rows. */
export const FLAG_ROW = 20;
export const FLAG_ROWS = 2;
const FLAG = 20;
const TEXT = 12;

/** Returns the uPlot scale name of a unit. */
export const scaleOf = (unit: string): string => `y:${unit}`;

interface Canvas {
  readonly u: uPlot;
  readonly context: CanvasRenderingContext2D;
  readonly look: ChartStyle;
  /** Canvas pixels per CSS pixel, multiplied by the scale of the chart. */
  readonly px: number;
}

function canvasOf(u: uPlot, look: ChartStyle): Canvas {
  return { u, context: u.ctx, look, px: (u.ctx.canvas.width / u.width) * look.scale };
}

/** Draws the shaded band on the harmful side of each threshold, behind everything else. */
export function drawBands(u: uPlot, model: ChartModel, look: ChartStyle): void {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  u.ctx.globalAlpha = 0.09;
  u.ctx.fillStyle = look.harm;
  for (const threshold of model.thresholds) {
    if (threshold.side === undefined) continue;
    const y = clamp(u.valToPos(threshold.value, scaleOf(unitOfThreshold(model, threshold)), true), top, top + height);
    if (threshold.side === 'below') u.ctx.fillRect(left, y, width, top + height - y);
    else u.ctx.fillRect(left, top, width, y - top);
  }
  u.ctx.restore();
}

/** Draws thresholds, marks and the crossing above the lines. */
export function drawOver(u: uPlot, model: ChartPlot, look: ChartStyle): void {
  const canvas = canvasOf(u, look);
  u.ctx.save();
  drawMarks(canvas, model);
  drawCrossing(canvas, model, drawThresholds(canvas, model));
  u.ctx.restore();
}

/** Draws the thresholds. Returns the boxes of their lines and labels, which other labels must not cover. */
function drawThresholds(canvas: Canvas, model: ChartModel): readonly Box[] {
  const { u, context, look, px } = canvas;
  const { left, top, width, height } = u.bbox;
  const crossingX = model.crossing ? u.valToPos(model.crossing.ms, 'x', true) : left + width;
  return model.thresholds.flatMap((threshold, place) => {
    const y = u.valToPos(threshold.value, scaleOf(unitOfThreshold(model, threshold)), true);
    if (!(y >= top && y <= top + height)) return [];
    context.strokeStyle = look.limit;
    context.lineWidth = 1.5 * px;
    context.setLineDash([6 * px, 3 * px]);
    line(context, left, y, left + width, y);
    const text = fitted(canvas, `${threshold.label} ${formatLimit(threshold.value, threshold.unit)}`, width - 12 * px);
    // Places the label away from the crossing and alternates sides between thresholds.
    const atRight = crossingX < left + width / 2 !== (place % 2 === 1);
    const above = y - top > (TEXT + 8) * px;
    const box = {
      left: atRight ? left + width - 6 * px - text.width : left + 6 * px,
      top: above ? y - 4 * px - text.height : y + 4 * px,
      width: text.width,
      height: text.height,
    };
    label(canvas, text.shortened, box, look.limit);
    return [{ left, top: y - 2 * px, width, height: 4 * px }, box];
  });
}

function drawMarks({ u, context, look, px }: Canvas, { marks, isFirst }: ChartPlot): void {
  if (marks.length === 0) return;
  const { left, top, width, height } = u.bbox;
  const placed = layOutMarks(
    marks.map((mark) => [mark, u.valToPos(mark.ms, 'x', true)] as const),
    { flag: FLAG * px, from: left, to: left + width, rows: FLAG_ROWS },
  );
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const { mark, x, atX, row } of placed) {
    const y = top - (FLAG_ROWS - row - 0.5) * FLAG_ROW * px;
    context.strokeStyle = look.harm;
    context.lineWidth = px;
    context.setLineDash([2 * px, 3 * px]);
    line(context, atX, top, atX, top + height);
    context.setLineDash([]);
    if (!isFirst) continue;
    line(context, x, y, atX, top);
    context.beginPath();
    context.arc(x, y, 8.5 * px, 0, Math.PI * 2);
    context.fillStyle = look.card;
    context.fill();
    context.lineWidth = 1.5 * px;
    context.stroke();
    context.fillStyle = look.harm;
    context.font = fontOf(11 * px, 650);
    context.fillText(String(mark.number), x, y + 0.5 * px);
  }
}

function drawCrossing(canvas: Canvas, model: ChartModel, taken: readonly Box[]): void {
  const { u, context, look, px } = canvas;
  const { crossing } = model;
  if (!crossing) return;
  const { left, top, width, height } = u.bbox;
  const unit = model.thresholds[0] ? unitOfThreshold(model, model.thresholds[0]) : (model.series[0]?.unit ?? '');
  const x = u.valToPos(crossing.ms, 'x', true);
  const y = u.valToPos(crossing.value, scaleOf(unit), true);
  if (!(x >= left && x <= left + width && y >= top && y <= top + height)) return;
  context.setLineDash([]);
  context.beginPath();
  context.arc(x, y, 5.5 * px, 0, Math.PI * 2);
  context.strokeStyle = look.harm;
  context.lineWidth = 2 * px;
  context.stroke();
  const text = fitted(canvas, crossing.label, Math.max(x - left, left + width - x) - 14 * px);
  const place = placeLabel(x, y, { ...text, gap: 9 * px, within: { left, top, width, height }, taken });
  label(canvas, text.shortened, place, look.harm);
}

/** Shortens a text with an ellipsis to fit `room`. Returns the text with its size. */
function fitted({ context, px }: Canvas, text: string, room: number) {
  context.font = fontOf(TEXT * px, 600);
  let shortened = text;
  while (shortened.length > 4 && context.measureText(shortened).width > room) shortened = `${shortened.slice(0, -2)}…`;
  return { shortened, width: context.measureText(shortened).width, height: TEXT * 1.3 * px };
}

/** Draws a text on a background in card colour, so that lines behind it do not strike through it. */
function label({ context, look, px }: Canvas, text: string, { left, top, width, height }: Box, colour: string): void {
  context.save();
  context.globalAlpha = 0.85;
  context.fillStyle = look.card;
  context.fillRect(left - 2 * px, top, width + 4 * px, height);
  context.restore();
  context.font = fontOf(TEXT * px, 600);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = colour;
  context.fillText(text, left, top + height / 2);
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
