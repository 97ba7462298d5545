import { barsOf } from './bars.ts';

const WIDTH = 4;
const HEIGHT = 20;

interface BarPictureProps {
  readonly counts: readonly number[];
  /** What the bars say, as text. */
  readonly text: string;
  readonly className: string;
}

/** Counts as bars from the left; the text replaces it for screen readers. */
export function BarPicture({ counts, text, className }: BarPictureProps) {
  return (
    <svg
      className={`issue-bars ${className}`}
      viewBox={`0 0 ${counts.length * WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text}
    >
      <title>{text}</title>
      {barsOf(counts).map(({ at, height }) => (
        <rect key={at} x={at * WIDTH} y={HEIGHT * (1 - height)} width={WIDTH - 0.6} height={HEIGHT * height} />
      ))}
    </svg>
  );
}
