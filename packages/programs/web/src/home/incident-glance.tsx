import type { Incident, IncidentDetail, IncidentFault } from '@medkit/contract';
import { channelsOf, measurementsOf } from '@medkit/incidents/measured';
import { useMemo } from 'react';
import { useRoute } from '../gateway/gateway.ts';
import { chartOf } from '../incidents/frame-chart.ts';
import { IncidentCard } from '../incidents/incident-card.tsx';
import { entityOf } from '../routes/entity-of.ts';
import { texts } from '../texts/texts.ts';
import { clockTime } from '../time/times.ts';
import { type Glance, type GlanceCurve, glanceOf } from './glance-geometry.ts';
import './incident-glance.css';

/** Width and height of the drawing in its own units; CSS stretches it. */
const SIZE = { width: 1000, height: 100 } as const;

/** An incident with its faults and the value that caused it on one time axis. */
export function IncidentGlance({ incident }: { readonly incident: Incident }) {
  const detail = useRoute('getIncident', { path: { incident_id: incident.id } }).data;
  return (
    <article className="glance">
      <IncidentCard incident={incident} />
      {detail && <GlanceOf incident={detail} root={detail.faults[0]} />}
    </article>
  );
}

interface GlanceOfProps {
  readonly incident: IncidentDetail;
  readonly root: IncidentFault | undefined;
}

function GlanceOf({ incident, root }: GlanceOfProps) {
  const entity = root && entityOf(root);
  const fault = useRoute(
    'getFault',
    { entity: entity ?? { kind: 'app', id: '' }, path: { fault_code: root?.fault_code ?? '' } },
    { enabled: entity !== undefined },
  ).data;
  const glance = useMemo(() => {
    const occurrence = root?.occurrence ?? 1;
    const frame = fault && {
      thresholds: measurementsOf(fault, occurrence),
      channels: channelsOf(fault, occurrence),
    };
    return glanceOf(incident, frame && chartOf(incident, frame));
  }, [incident, root?.occurrence, fault]);
  return glance ? <Drawing glance={glance} /> : null;
}

function Drawing({ glance }: { readonly glance: Glance }) {
  const { bars, curve, fromMs, toMs } = glance;
  return (
    <div className="glance-drawing">
      {curve && <Curve curve={curve} />}
      <ul className="glance-bars" aria-label={texts.incidents.timeline}>
        {bars.map(({ code, severity, from, to, isActive }) => (
          <li key={code} className="glance-row">
            <span
              className={`glance-bar severity-${severity} ${isActive ? 'glance-active' : ''}`}
              style={{ left: `${from * 100}%`, width: `${Math.max(0.004, to - from) * 100}%` }}
            />
            <span className={`glance-code ${from > 0.5 ? 'glance-before' : ''}`} style={sideOf(from)} title={code}>
              {code}
            </span>
          </li>
        ))}
      </ul>
      <p className="glance-axis number">
        <span>{clockTime(fromMs, { digits: 1 })}</span>
        <span>{clockTime(toMs, { digits: 1 })}</span>
      </p>
    </div>
  );
}

/** Places the code of a fault on the side of the start of its bar that has more room, and within that room. */
const sideOf = (from: number) =>
  from > 0.5
    ? { right: `${(1 - from) * 100}%`, maxWidth: `${from * 100}%` }
    : { left: `${from * 100}%`, maxWidth: `${(1 - from) * 100}%` };

function Curve({ curve }: { readonly curve: GlanceCurve }) {
  const { label, unit, points, threshold, thresholdValue, crossing } = curve;
  const x = (at: number): number => at * SIZE.width;
  const y = (at: number): number => at * SIZE.height;
  const limit = `${thresholdValue}${unit ? ` ${unit}` : ''}`;
  return (
    <figure className="glance-curve">
      <figcaption>
        {label} <span className="soft">{texts.home.threshold(limit)}</span>
      </figcaption>
      <svg viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} preserveAspectRatio="none" aria-hidden="true">
        <line className="glance-threshold" x1="0" x2={SIZE.width} y1={y(threshold)} y2={y(threshold)} />
        <polyline className="glance-line" points={points.map(([at, height]) => `${x(at)},${y(height)}`).join(' ')} />
        {crossing && (
          <line className="glance-crossing" x1={x(crossing[0])} x2={x(crossing[0])} y1="0" y2={SIZE.height} />
        )}
      </svg>
    </figure>
  );
}
