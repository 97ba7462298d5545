import type { FaultThresholds, TriedFaultDifference, TriedOutcome } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { Filter, FilterBar } from '../controls/filter-bar.tsx';
import { useChange } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { Time } from '../time/time.tsx';
import { formatOffset, timeMs } from '../time/times.ts';
import { t } from './texts.ts';

interface ThresholdTrialProps {
  readonly code: string;
  /** The thresholds in use, of at least one source. */
  readonly thresholds: readonly FaultThresholds[];
}

/** Tries other thresholds for the sources of a fault on the reports of the last 30 days. */
export function ThresholdTrial({ code, thresholds }: ThresholdTrialProps) {
  const [heals, setHeals] = useState(thresholds[0]?.healing_enabled ?? false);
  const trial = useChange('tryRules');
  const prefixes = [...new Set(thresholds.map(({ source, override }) => override ?? source))];
  const run = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const band = {
      confirmation_threshold: Number(form.get('confirm')),
      healing_enabled: heals,
      ...(heals && { healing_threshold: Number(form.get('heal')) }),
    };
    const entity_thresholds = JSON.stringify(Object.fromEntries(prefixes.map((prefix) => [prefix, band])));
    trial.mutate({ body: { fault_code: code, entity_thresholds } });
  };
  return (
    <form className="stack" onSubmit={run}>
      <p className="soft">{t.about(prefixes.join(', '))}</p>
      <FilterBar>
        <Filter label={t.confirm}>
          <input
            name="confirm"
            type="number"
            step="1"
            min="-1000000"
            max="-1"
            required
            title={t.confirmHelp}
            defaultValue={thresholds[0]?.confirmation_threshold}
          />
        </Filter>
        <label className="row">
          <input type="checkbox" checked={heals} onChange={(event) => setHeals(event.target.checked)} />
          {t.heals}
        </label>
        <Filter label={t.healAt}>
          <input
            name="heal"
            type="number"
            step="1"
            min="0"
            max="1000000"
            required={heals}
            disabled={!heals}
            defaultValue={thresholds[0]?.healing_threshold}
          />
        </Filter>
        <button type="submit" className="button" disabled={trial.isPending}>
          {t.run}
        </button>
      </FilterBar>
      <div role="status" className="stack">
        {trial.isPending && <p>{t.running}</p>}
        {trial.data && !trial.isPending && <Outcome outcome={trial.data} />}
      </div>
      {trial.error && <Failure error={trial.error} />}
    </form>
  );
}

function Outcome({ outcome }: { readonly outcome: TriedOutcome }) {
  const { faults, incidents, notifications, events, from, to, cut, deviations, not_evaluated } = outcome;
  const isUnknown = faults.before + faults.after === 0;
  return (
    <>
      {isUnknown && <p>{t.none}</p>}
      {!isUnknown && <p>{faults.differences === 0 ? t.same : t.counts(faults.before, faults.after)}</p>}
      {faults.items.length > 0 && (
        <ul className="stack">
          {faults.items.map((item) => (
            <li key={`${item.is} ${item.before} ${item.after}`}>
              <Difference item={item} />
            </li>
          ))}
        </ul>
      )}
      {faults.differences > faults.items.length && (
        <p className="soft">{t.more(faults.differences - faults.items.length)}</p>
      )}
      {incidents.differences > 0 && <p>{t.incidents(incidents.before, incidents.after)}</p>}
      {notifications && notifications.differences > 0 && (
        <p>{t.notifications(notifications.before, notifications.after)}</p>
      )}
      {from && to && (
        <p className="soft">
          {t.recorded(events)} <Time ms={timeMs(from)} /> {t.until} <Time ms={timeMs(to)} />
        </p>
      )}
      {cut && <p className="soft">{t.cut}</p>}
      {deviations.total > 0 && <p className="partial">{t.deviates}</p>}
      <p className="soft">
        {t.notEvaluated} {not_evaluated.map(({ rules, reason }) => `${rules}. ${reason}`).join(' ')}
      </p>
    </>
  );
}

function Difference({ item: { is, before, after } }: { readonly item: TriedFaultDifference }) {
  const [beforeMs, afterMs] = [timeMs(before), timeMs(after)];
  return (
    <>
      <strong>{t.changes[is]}</strong> {beforeMs === undefined ? t.never : <Time ms={beforeMs} digits={1} />} →{' '}
      {afterMs === undefined ? t.never : <Time ms={afterMs} digits={1} />}
      {beforeMs !== undefined && afterMs !== undefined && beforeMs !== afterMs && (
        <span className="soft"> {formatOffset(afterMs - beforeMs)}</span>
      )}
    </>
  );
}
