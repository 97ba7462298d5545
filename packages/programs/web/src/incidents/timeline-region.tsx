import type { IncidentDetail, TimelineRow } from '@medkit/contract';
import { type MouseEvent, useEffect, useMemo, useRef } from 'react';
import { cursorOf, onCursor, setCursor, setVisibleRange, useVisibleRange } from '../charts/cursor.ts';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { useTick } from '../time/time.tsx';
import { clockTime, wholeTime } from '../time/times.ts';
import { numberSign } from './number-sign.ts';
import {
  adjacentEvent,
  type Bar,
  type Event,
  type Lane,
  lanesOf,
  type Moment,
  type Span,
  spanOf,
} from './timeline-lanes.ts';

interface TimelineRegionProps {
  readonly incident: IncidentDetail;
  readonly rows: readonly TimelineRow[];
  readonly events: readonly Event[];
}

/** The timeline of an incident: one lane for each kind of event. Shares the cursor with chart, log and scan. */
export function TimelineRegion({ incident, rows, events }: TimelineRegionProps) {
  useTick(incident.state === 'open' ? 2000 : 3_600_000);
  const whole = spanOf(incident, gatewayNowMs());
  const span = useVisibleRange() ?? whole;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a span is fully described by its two ends.
  const lanes = useMemo(() => lanesOf(incident, rows, span), [incident, rows, span.fromMs, span.toMs]);
  const step = (direction: 1 | -1) => {
    const next = adjacentEvent(events, cursorOf()?.ms, direction);
    if (next) setCursor(next.ms, 'keys');
  };
  const zoom = (factor: number) => {
    const middle = cursorOf()?.ms ?? (span.fromMs + span.toMs) / 2;
    const half = ((span.toMs - span.fromMs) * factor) / 2;
    const isWhole = half * 2 >= whole.toMs - whole.fromMs;
    setVisibleRange(isWhole ? undefined : { fromMs: middle - half, toMs: middle + half });
  };
  const buttons = (
    <span className="row screen-only">
      <button type="button" className="button" onClick={() => step(-1)} aria-label={texts.incidents.previous}>
        ◂
      </button>
      <button type="button" className="button" onClick={() => step(1)} aria-label={texts.incidents.next}>
        ▸
      </button>
      <button type="button" className="button" onClick={() => zoom(0.5)} aria-label={texts.incidents.zoomIn}>
        +
      </button>
      <button type="button" className="button" onClick={() => zoom(2)} aria-label={texts.incidents.zoomOut}>
        −
      </button>
    </span>
  );
  return (
    <Region title={texts.incidents.timeline} aside={buttons} className="incident-timeline">
      <div className="timeline">
        <TimelineCursor span={span} />
        {lanes.map((lane) => (
          <LaneView key={lane.kind} lane={lane} span={span} />
        ))}
        <Axis span={span} />
      </div>
    </Region>
  );
}

/** Height of a row of bars, CSS pixels. */
const ROW_PX = 24;

/** Position beyond which the label of a bar is before the bar, percent: after it, it would not fit. */
const LABEL_BEFORE = 50;

/** Returns the position of a time in the span, in percent from the left. */
const placeIn = ({ fromMs, toMs }: Span, ms: number): number =>
  Math.min(100, Math.max(0, ((ms - fromMs) / (toMs - fromMs)) * 100));

function LaneView({ lane, span }: { readonly lane: Lane; readonly span: Span }) {
  const goToPlace = ({ clientX, currentTarget, target }: MouseEvent<HTMLElement>): void => {
    if ((target as HTMLElement).closest('button')) return;
    const { left, width } = currentTarget.getBoundingClientRect();
    setCursor(span.fromMs + ((clientX - left) / width) * (span.toMs - span.fromMs), 'timeline');
  };
  return (
    <div className={`timeline-lane timeline-${lane.kind}`}>
      <span className="timeline-name">{texts.incidents.lanes[lane.kind]}</span>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys [ and ] and the buttons above offer the same. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only a pointer can select a position on the track. */}
      <div className="timeline-track" style={{ height: lane.rows * ROW_PX + 6 }} onClick={goToPlace}>
        {lane.bars.map((bar) => (
          <BarView key={bar.key} bar={bar} span={span} />
        ))}
        {lane.moments.map((moment) => (
          <MomentView key={moment.key} moment={moment} span={span} />
        ))}
      </div>
    </div>
  );
}

function BarView({ bar, span }: { readonly bar: Bar; readonly span: Span }) {
  const { row, fromMs, toMs, text, severity, number, hasFailed } = bar;
  const left = placeIn(span, fromMs);
  const width = placeIn(span, toMs ?? span.toMs) - left;
  const until = toMs === undefined ? texts.incidents.lasts : clockTime(toMs, { digits: 2 });
  const name = `${number === undefined ? '' : `${numberSign(number)} `}${text}`;
  const title = `${name}, ${clockTime(fromMs, { digits: 2 })} – ${until}`;
  return (
    <button
      type="button"
      className={`timeline-bar severity-${severity ?? 'none'} ${hasFailed ? 'timeline-failed' : ''} ${toMs === undefined ? 'timeline-open' : ''} ${left > LABEL_BEFORE ? 'timeline-before' : ''}`}
      style={{ left: `${left}%`, width: `max(${width}%, 10px)`, top: row * ROW_PX }}
      title={title}
      aria-label={title}
      onClick={() => setCursor(fromMs, 'timeline')}
    >
      <span>{name}</span>
    </button>
  );
}

/** A mark without a label. The lists below contain its text, and a click on the track moves the cursor there. */
function MomentView({ moment, span }: { readonly moment: Moment; readonly span: Span }) {
  const { ms, text, count, severity } = moment;
  const more = count > 1 ? ` (${count})` : '';
  return (
    <span
      className={`timeline-moment severity-${severity ?? 'none'}`}
      style={{ left: `${placeIn(span, ms)}%` }}
      title={`${clockTime(ms, { digits: 2 })} ${text}${more}`}
      aria-hidden="true"
    />
  );
}

/** Times on the axis; a phone shows every other one. */
const TICKS = 5;

function Axis({ span }: { readonly span: Span }) {
  const step = (span.toMs - span.fromMs) / (TICKS - 1);
  return (
    <div className="timeline-lane timeline-axis" aria-hidden="true">
      <span className="timeline-name" />
      <div className="timeline-track">
        {Array.from({ length: TICKS }, (_, at) => span.fromMs + at * step).map((ms, at) => (
          <span key={ms} className="number" style={{ left: `${(at / (TICKS - 1)) * 100}%` }}>
            {clockTime(ms)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** The cursor line, updated without rendering because it follows every pointer movement. */
function TimelineCursor({ span }: { readonly span: Span }) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const paint = (): void => {
      const ms = cursorOf()?.ms;
      if (!line.current) return;
      line.current.hidden = ms === undefined || ms < span.fromMs || ms > span.toMs;
      if (ms === undefined) return;
      line.current.style.left = `${placeIn(span, ms)}%`;
      line.current.title = wholeTime(ms);
    };
    paint();
    return onCursor(paint);
  }, [span]);
  return (
    <div className="timeline-cursor-track" aria-hidden="true">
      <div ref={line} className="timeline-cursor" hidden />
    </div>
  );
}
