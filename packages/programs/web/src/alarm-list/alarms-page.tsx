import type { FaultListItem } from '@medkit/contract';
import { AlarmActions } from '../alarms/alarm-actions.tsx';
import { t } from '../alarms/texts.ts';
import { Severity } from '../controls/severity.tsx';
import { EntityLink } from '../entities/entity-link.tsx';
import { statusLabel } from '../faults/fault-columns.tsx';
import { faultKey, statusOf } from '../faults/fault-state.ts';
import { Heading } from '../heading/heading.tsx';
import { Failure } from '../regions/failure.tsx';
import { Loaded, Skeleton } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { Ago, Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import './alarms.css';
import { MAX_APPS, useAlarms } from './use-alarms.ts';

/** Maximum alarms on the page; the list of faults has the others. */
const MAX_ALARMS = 100;

/** The active alarms of all PLCs, with buttons that acknowledge and confirm them. */
export function AlarmsPage(_: ParametersOf<'alarms'>) {
  const { list, alarms, isPending, error, again, isCut } = useAlarms();
  const rest = alarms.length - MAX_ALARMS;
  return (
    <div className="stack">
      <Heading>{t.title}</Heading>
      <p className="soft">{t.about}</p>
      {error && <Failure error={error} again={again} />}
      <Loaded query={list} height={200}>
        {({ about }) => (
          <>
            <PartialNotice about={about} />
            {isCut && <p className="partial">{t.cut(MAX_APPS)}</p>}
            {isPending && <Skeleton height={120} />}
            {!isPending && !error && alarms.length === 0 && <NoAlarms />}
            {alarms.length > 0 && <p className="soft">{t.unknown}</p>}
            <ul className="stack alarms" aria-label={t.title}>
              {alarms.slice(0, MAX_ALARMS).map((fault) => (
                <Alarm key={faultKey(fault)} fault={fault} id={fault.entity_id ?? ''} />
              ))}
            </ul>
            {rest > 0 && <Link to={addressOf('faults', {})}>{t.more(rest)}</Link>}
          </>
        )}
      </Loaded>
    </div>
  );
}

function NoAlarms() {
  return (
    <section className="card stack" aria-label={t.title}>
      <p>
        <strong>{t.none}</strong>
      </p>
      <p className="soft">{t.noneHelp}</p>
    </section>
  );
}

function Alarm({ fault, id }: { readonly fault: FaultListItem; readonly id: string }) {
  const { fault_code: code, severity, description, first_occurred } = fault;
  const entity = { kind: 'app', id } as const;
  const sinceMs = timeMs(first_occurred);
  return (
    <li className="card stack">
      <div className="row">
        <Severity severity={severity} />
        <Link className="mono alarm-code" to={addressOf('fault', { ...entity, code })}>
          {code}
        </Link>
        <span className="chip">{statusLabel(statusOf(fault))}</span>
      </div>
      {description && <p className="alarm-text">{description}</p>}
      <p className="row">
        <span className="soft">{t.app}</span> <EntityLink entity={entity} name={id} />
        <span className="soft">{t.since}</span> <Time ms={sinceMs} /> <Ago ms={sinceMs} />
      </p>
      <AlarmActions entity={entity} code={code} />
    </li>
  );
}
