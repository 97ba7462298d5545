import { Severity } from '../controls/severity.tsx';
import { EntityLink } from '../entities/entity-link.tsx';
import { AlarmActions, AlarmState } from '../faults/alarm-actions.tsx';
import { Heading } from '../heading/heading.tsx';
import { Loaded, Skeleton } from '../regions/loaded.tsx';
import { PartialNotice } from '../regions/partial-notice.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf, type ParametersOf } from '../routes/pages.ts';
import { Ago, Time } from '../time/time.tsx';
import './alarms.css';
import { t } from './texts.ts';
import { type AlarmRow, MAX_APPS, useAlarms } from './use-alarms.ts';

/** Maximum alarms on the page. */
const MAX_ALARMS = 100;

/** The alarms of all PLCs with their states, and buttons that acknowledge and confirm them. */
export function AlarmsPage(_: ParametersOf<'alarms'>) {
  const { tree, rows, isPending, hasPlc, failed, disconnected, omittedApps, omittedAlarms } = useAlarms();
  const rest = Math.max(0, rows.length - MAX_ALARMS) + omittedAlarms;
  return (
    <div className="stack">
      <Heading>{t.title}</Heading>
      <p className="soft">{t.about}</p>
      <Loaded query={tree} height={200}>
        {() => (
          <>
            <PartialNotice about={{ failed_members: failed }} />
            {disconnected.length > 0 && <p className="partial">{t.disconnected(disconnected.join(', '))}</p>}
            {omittedApps > 0 && <p className="partial">{t.cut(MAX_APPS)}</p>}
            {isPending && <Skeleton height={120} />}
            {!isPending && failed.length === 0 && rows.length === 0 && <NoAlarms hasPlc={hasPlc} />}
            <ul className="stack alarms" aria-label={t.title}>
              {rows.slice(0, MAX_ALARMS).map((row) => (
                <Alarm key={`${row.app.id} ${row.alarm.code}`} row={row} />
              ))}
            </ul>
            {rest > 0 && <Link to={addressOf('faults', {})}>{t.more(rest)}</Link>}
          </>
        )}
      </Loaded>
    </div>
  );
}

function NoAlarms({ hasPlc }: { readonly hasPlc: boolean }) {
  return (
    <section className="card stack" aria-label={t.title}>
      <p>
        <strong>{t.none}</strong>
      </p>
      <p className="soft">{hasPlc ? t.noneHelp : t.noPlc}</p>
    </section>
  );
}

function Alarm({ row: { app, alarm, sinceMs } }: { readonly row: AlarmRow }) {
  const entity = { kind: 'app', id: app.id } as const;
  return (
    <li className="card stack">
      <div className="row">
        <Severity severity={alarm.severity} />
        <Link className="mono alarm-code" to={addressOf('fault', { ...entity, code: alarm.code })}>
          {alarm.code}
        </Link>
        <AlarmState alarm={alarm} />
      </div>
      {alarm.message && <p className="alarm-text">{alarm.message}</p>}
      <p className="row">
        <span className="soft">{t.app}</span> <EntityLink entity={entity} name={app.name} />
        {sinceMs !== undefined && (
          <>
            <span className="soft">{t.since}</span> <Time ms={sinceMs} /> <Ago ms={sinceMs} />
          </>
        )}
      </p>
      <AlarmActions entity={entity} alarm={alarm} />
    </li>
  );
}
