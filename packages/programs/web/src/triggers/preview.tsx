import { formatMeasurement } from '../charts/chart-series.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { formatSeriesKey } from '../plots/series-key.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { formatDuration } from '../time/times.ts';
import { formatValue } from '../values/format-value.ts';
import type { Target } from './draft.ts';
import { type Band, HEIGHT, layOutSparkline, WIDTH } from './sparkline-path.ts';
import { t } from './texts.ts';
import { HISTORY_MS, type ObservedValue } from './use-observed-value.ts';
import { type CheckedCondition, verdictOf } from './verdict.ts';

interface PreviewProps {
  readonly target: Target | undefined;
  readonly observed: ObservedValue;
  readonly condition: CheckedCondition;
}

/** The current value of a target, its last minute, and whether the condition is true now. */
export function Preview({ target, observed, condition }: PreviewProps) {
  if (!target || (target.collection === 'data' && target.item === '')) return <p className="soft">{t.chooseFirst}</p>;
  const { value, unit, problem, atMs } = observed;
  const number = numberLike(value);
  return (
    <>
      <div className="spread">
        <p className="trigger-now number">
          {number === undefined ? formatValue(value) : formatMeasurement(number)}
          {number !== undefined && unit && <span className="soft trigger-unit"> {unit}</span>}
        </p>
        {atMs !== undefined && (
          <span className="soft number">{texts.time.ago(formatDuration(Math.max(0, gatewayNowMs() - atMs)))}</span>
        )}
      </div>
      {problem !== undefined && <p className="soft">{problem}</p>}
      <Sparkline observed={observed} band={bandOf(condition)} />
      {value !== undefined && <Verdict target={target} value={value} condition={condition} />}
      {number !== undefined && target.collection === 'data' && (
        <p>
          <Link to={plotOf(target)}>{t.plot}</Link>
        </p>
      )}
    </>
  );
}

/** Returns a number, also of a message whose only field is `data`. */
function numberLike(value: unknown): number | undefined {
  const plain =
    typeof value === 'object' && value !== null && Object.keys(value).length === 1 ? Object(value).data : value;
  return typeof plain === 'number' || typeof plain === 'bigint' ? Number(plain) : undefined;
}

function plotOf({ entity, item, path }: Target): string {
  const pointer = path === '' ? undefined : path;
  return addressOf('plot', {}, { s: formatSeriesKey({ kind: entity.kind, entity: entity.id, item, pointer }) });
}

function bandOf(condition: CheckedCondition): Band | undefined {
  if (condition.is === 'rule') {
    const { operator, threshold } = condition;
    if (threshold === undefined) return undefined;
    if (operator === '==') return { lower: threshold, upper: threshold };
    return operator.startsWith('>') ? { lower: threshold, upper: undefined } : { lower: undefined, upper: threshold };
  }
  const { lower_bound: lower, upper_bound: upper } = condition.condition;
  return lower === undefined && upper === undefined ? undefined : { lower, upper };
}

/** Least shown time span: the gateway may have no history of a value. */
const MIN_SPAN_MS = 10_000;

/** The numbers of the last minute; decorative, because the value and the verdict are text. */
function Sparkline({ observed, band }: { readonly observed: ObservedValue; readonly band: Band | undefined }) {
  const nowMs = gatewayNowMs();
  const spanMs = Math.min(HISTORY_MS, Math.max(MIN_SPAN_MS, nowMs - (observed.samples[0]?.[0] ?? nowMs)));
  const line = layOutSparkline(observed.samples, { nowMs, spanMs, band });
  if (!line) return null;
  return (
    <figure className="trigger-sparkline">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        width="100%"
        height={HEIGHT}
        aria-hidden="true"
      >
        {line.band && <rect x={0} width={WIDTH} y={line.band.y} height={line.band.height} className="trigger-band" />}
        {line.limits.map((y) => (
          <line key={y} x1={0} x2={WIDTH} y1={y} y2={y} className="trigger-limit" />
        ))}
        <polyline points={line.points} className="trigger-curve" />
      </svg>
      <figcaption className="soft">{t.sparkline(formatDuration(HISTORY_MS))}</figcaption>
    </figure>
  );
}

interface VerdictProps {
  readonly target: Target;
  readonly value: unknown;
  readonly condition: CheckedCondition;
}

function Verdict({ target, value, condition }: VerdictProps) {
  const { state, text } = verdictOf(target.collection, condition, value);
  const isKnown = state === 'holds' || state === 'not';
  return (
    <div className="trigger-verdict" role="status">
      {isKnown && <strong className={`trigger-verdict-${state}`}>{state === 'holds' ? t.holds : t.holdsNot}</strong>}
      <span className="soft">{text}</span>
    </div>
  );
}
