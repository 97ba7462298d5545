import type { Incident } from '@medkit/contract';
import { Severity } from '../controls/severity.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { StateChip } from './incident-head.tsx';
import './incident.css';

/** An incident in two lines that link to its page. */
export function IncidentCard({ incident }: { readonly incident: Incident }) {
  const { id, title, severity, began, fault_count, robot, crossing, blocks_motion, state, acknowledged_by } = incident;
  const unit = crossing?.unit ? ` ${crossing.unit}` : '';
  return (
    <Link className="incident-card" to={addressOf('incident', { id })}>
      <Severity severity={severity} short />
      <b>{title}</b>
      <StateChip incident={incident} />
      <span className="incident-card-facts">
        <Time ms={timeMs(began)} />
        <span>{robot}</span>
        <span>{texts.count.faults(fault_count)}</span>
        {blocks_motion && state === 'open' && <span className="severity-2">{texts.incidents.motion.blocked}</span>}
        {crossing && (
          <span className="number">
            {crossing.label ?? crossing.channel} {Number(crossing.value.toPrecision(2))}
            {unit} {crossing.value < crossing.threshold ? '<' : '>'} {crossing.threshold}
            {unit}
          </span>
        )}
        {acknowledged_by && <span>{texts.incidents.takenBy(acknowledged_by)}</span>}
      </span>
    </Link>
  );
}
