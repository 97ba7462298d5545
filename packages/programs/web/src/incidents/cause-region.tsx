import type { IncidentDetail, IncidentFault } from '@medkit/contract';
import { lazy, Suspense, useState } from 'react';
import { setCursor } from '../charts/cursor.ts';
import { Severity } from '../controls/severity.tsx';
import { usePermission } from '../gateway/principal.ts';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf, pageOfHref } from '../routes/pages.ts';
import { texts } from '../texts/texts.ts';
import { Time } from '../time/time.tsx';
import { formatOffset, timeMs } from '../time/times.ts';
import { numberSign } from './number-sign.ts';

const SplitDialog = lazy(async () => ({ default: (await import('./split-dialog.tsx')).SplitDialog }));

/** Maximum faults shown initially. */
const UNFOLDED = 30;

/** The root fault on top and the faults it explains below, each with the reason why it belongs to this incident. */
export function CauseRegion({ incident }: { readonly incident: IncidentDetail }) {
  const { faults, faults_omitted, crossing } = incident;
  const [isUnfolded, unfold] = useState(false);
  const visible = isUnfolded ? faults : faults.slice(0, UNFOLDED);
  return (
    <Region title={texts.incidents.why} aside={<Split incident={incident} />} className="incident-why">
      <ol className="incident-faults">
        {visible.map((fault, at) => (
          <li key={`${fault.origin ?? ''} ${fault.fault_code}`} className={`incident-${fault.role}`}>
            <FaultOf fault={fault} number={at + 1} />
            {at === 0 && crossing && (
              <p className="incident-crossing">
                {texts.incidents.crossed(
                  crossing.label ?? crossing.channel,
                  figure(crossing.value, crossing.unit),
                  figure(crossing.threshold, crossing.unit),
                  crossing.value < crossing.threshold,
                )}{' '}
                {crossing.at && <Time ms={timeMs(crossing.at)} digits={3} />}
              </p>
            )}
          </li>
        ))}
      </ol>
      {visible.length < faults.length && (
        <button type="button" className="button" onClick={() => unfold(true)}>
          {texts.home.more(faults.length - visible.length)}
        </button>
      )}
      {faults_omitted ? <p className="soft">{texts.incidents.omitted(faults_omitted)}</p> : null}
    </Region>
  );
}

/** Splits faults off; offered to users who may, if there is more than one fault. */
function Split({ incident }: { readonly incident: IncidentDetail }) {
  const [isOpen, setOpen] = useState(false);
  const mayChange = usePermission('incidents');
  if (!mayChange || incident.faults.length < 2) return null;
  return (
    <>
      <button type="button" className="button plain screen-only" onClick={() => setOpen(true)}>
        {texts.incidents.split}
      </button>
      {isOpen && (
        <Suspense>
          <SplitDialog incident={incident} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

const figure = (value: number, unit: string | null | undefined) =>
  `${Number(value.toPrecision(3))}${unit ? ` ${unit}` : ''}`;

function FaultOf({ fault, number }: { readonly fault: IncidentFault; readonly number: number }) {
  const {
    fault_code,
    href,
    role,
    why: reason,
    delay_ms,
    severity,
    status,
    origin,
    entity_id,
    entity_type,
    times,
  } = fault;
  const page = href ? pageOfHref(href) : undefined;
  const beganMs = timeMs(fault.began);
  return (
    <>
      <div className="spread">
        <span className="row">
          <button
            type="button"
            className="incident-number"
            aria-label={texts.incidents.goToFault(fault_code)}
            onClick={() => setCursor(beganMs, 'list')}
          >
            {numberSign(number)}
          </button>
          <Severity severity={severity} short />
          {page ? (
            <Link to={page} className="mono">
              {fault_code}
            </Link>
          ) : (
            <span className="mono">{fault_code}</span>
          )}
        </span>
        <span className="number soft">{number === 1 ? <Time ms={beganMs} digits={3} /> : formatOffset(delay_ms)}</span>
      </div>
      <p>{fault.description}</p>
      <p className="soft">
        {texts.incidents.roles[role]} · {texts.incidents.statuses[status]}
        {times > 1 && ` · ${texts.incidents.times(times)}`}
        {entity_id && entity_type && (
          <>
            {' · '}
            <Link to={addressOf('entity', { kind: entity_type, id: entity_id })}>{entity_id}</Link>
          </>
        )}
        {' · '}
        {texts.incidents.runtime(origin ?? texts.incidents.thisGateway)}
      </p>
      {number > 1 && <p className="incident-reason">{reason}</p>}
    </>
  );
}
