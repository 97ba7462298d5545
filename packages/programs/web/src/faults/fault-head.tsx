import type { EntityKind, FaultDetailResult, FaultOccurrence } from '@medkit/contract';
import { type ReactNode, useState } from 'react';
import { Severity } from '../controls/severity.tsx';
import { usePermission } from '../gateway/principal.ts';
import { Heading } from '../heading/heading.tsx';
import { useIsLost } from '../live/live-stream.ts';
import { useAbsentRobot } from '../queue-offer/use-absent-robot.ts';
import { BASE_PATH } from '../routes/base-path.ts';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { Ago, Time } from '../time/time.tsx';
import { clockTime, timeMs } from '../time/times.ts';
import { ClearFaults } from './clear-faults.tsx';
import { statusLabel } from './fault-columns.tsx';
import type { IncidentOf } from './incidents-of-faults.ts';
import { faultTexts } from './texts.ts';

interface FaultHeadProps {
  readonly entity: { readonly kind: EntityKind; readonly id: string };
  readonly detail: FaultDetailResult;
  readonly latest: FaultOccurrence | undefined;
  readonly incidentOf: IncidentOf;
  readonly onBack: () => void;
}

/** The header of a fault: code, status, since when, and entity. */
export function FaultHead({ entity, detail, latest, incidentOf, onBack }: FaultHeadProps) {
  const t = faultTexts;
  const { item, 'x-medkit': about } = detail;
  const [isClearing, setClearing] = useState(false);
  const mayClear = usePermission('faults.clear');
  const [isLost, absent] = [useIsLost(), useAbsentRobot('clearFault')];
  const status = about?.status_raw ?? item.status.aggregatedStatus.toUpperCase();
  const fault = { fault_code: item.code, entity_type: entity.kind, entity_id: entity.id };
  const incident = incidentOf(fault);
  const how = Object.hasOwn(t.how, status) ? t.how[status as keyof typeof t.how] : status;
  const records = detail.environment_data.extended_data_records;
  return (
    <header className="card stack fault-head">
      <div className="spread">
        <a
          href={BASE_PATH + addressOf('faults', {})}
          onClick={(event) => {
            event.preventDefault();
            onBack();
          }}
        >
          ◂ {t.back}
        </a>
        {mayClear && (
          <button
            type="button"
            className="button danger"
            disabled={(isLost && !absent) || status === 'CLEARED'}
            onClick={() => setClearing(true)}
          >
            {t.clearThis}
          </button>
        )}
      </div>
      <div className="row">
        <Severity severity={item.severity} />
        <Heading className="fault-title">{item.code}</Heading>
        <span className="chip">{statusLabel(status)}</span>
      </div>
      {item.fault_name && item.fault_name !== item.code && <p>{item.fault_name}</p>}
      {about?.as_of && <p className="partial">{t.asOf(clockTime(timeMs(about.as_of) ?? 0))}</p>}
      <dl className="fault-facts">
        <Fact name={t.status}>{how}</Fact>
        <Fact name={t.entity}>
          <Link to={addressOf('entity', entity)}>{entity.id}</Link>
        </Fact>
        {incident && (
          <Fact name={t.incident}>
            <Link to={addressOf('incident', { id: incident })}>{incident}</Link>
          </Fact>
        )}
        <Moment name={t.began} ms={timeMs(latest?.first_occurred ?? records?.first_occurrence)} />
        <Moment name={t.confirmed} ms={timeMs(about?.confirmed_at)} />
        <Moment name={t.healed} ms={timeMs(about?.healed_at)} />
        <Moment name={t.cleared} ms={timeMs(about?.cleared_at)}>
          {about?.cleared_by && t.clearedBy(about.cleared_by)}
        </Moment>
        <Moment name={t.lastReport} ms={timeMs(records?.last_occurrence)} />
        <Fact name={t.count}>{t.times(about?.occurrence_count ?? 1)}</Fact>
        <Fact name={t.reportedBy}>
          <span className="mono">{about?.reporting_sources?.join(', ') || '–'}</span>
        </Fact>
      </dl>
      {isClearing && <ClearFaults faults={[fault]} incidentOf={incidentOf} onClose={() => setClearing(false)} />}
    </header>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface MomentProps {
  readonly name: string;
  readonly ms: number | undefined;
  readonly children?: ReactNode;
}

function Moment({ name, ms, children }: MomentProps) {
  if (ms === undefined) return null;
  return (
    <Fact name={name}>
      <Time ms={ms} digits={3} /> <Ago ms={ms} /> {children}
    </Fact>
  );
}
