/** A box in canvas pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Returns whether two boxes overlap. */
export function overlap(a: Box, b: Box): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}

interface LabelOptions {
  readonly width: number;
  readonly height: number;
  /** Distance between the point and its label. */
  readonly gap: number;
  readonly within: Box;
  /** Boxes that the label must not cover: threshold lines and other labels. */
  readonly taken: readonly Box[];
}

/**
 * Places the label of a point: beside it, above or below, preferably on the side with more room. Takes the nearest free
 * place within the plot.
 */
export function placeLabel(x: number, y: number, { width, height, gap, within, taken }: LabelOptions): Box {
  const right = within.left + within.width - width;
  const bottom = within.top + within.height - height;
  const hasRoomRight = x < within.left + within.width / 2;
  const beside = [hasRoomRight ? x + gap : x - gap - width, hasRoomRight ? x - gap - width : x + gap].map((left) =>
    Math.max(within.left, Math.min(right, left)),
  );
  const rows = Array.from({ length: 24 }, (_, step) => [
    y - gap - height - step * (height / 2),
    y + gap + step * (height / 2),
  ]);
  const places = rows.flat().flatMap((top) => beside.map((left) => ({ left, top, width, height })));
  const inside = places.filter(({ top }) => top >= within.top && top <= bottom);
  return (
    inside.find((place) => !taken.some((box) => overlap(place, box))) ??
    inside[0] ?? { left: beside[0]!, top: Math.max(within.top, Math.min(bottom, y)), width, height }
  );
}
