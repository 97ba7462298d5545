import type { FaultThresholds, FaultXMedkit } from '@medkit/contract';
import { lazy, Suspense, useState } from 'react';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { reportsToHeal } from './fault-state.ts';
import { faultTexts } from './texts.ts';

/** Loaded when a user opens it. */
const ThresholdTrial = lazy(async () => ({
  default: (await import('../replay/threshold-trial.tsx')).ThresholdTrial,
}));

interface FaultDebounceProps {
  readonly code: string;
  readonly about: FaultXMedkit | null | undefined;
}

/** The debounce counter of a fault and the thresholds in force for each reporting source. */
export function FaultDebounce({ code, about }: FaultDebounceProps) {
  const t = faultTexts;
  const counter = about?.debounce_counter;
  return (
    <Region title={t.debounce} className="fault-half">
      {typeof counter === 'number' && (
        <p>
          {t.counter} <strong className="number fault-counter">{counter}</strong>{' '}
          <span className="soft">{t.counterHelp}</span>
        </p>
      )}
      <div className="fault-scroll">
        <table aria-label={t.debounce}>
          <thead>
            <tr>
              <th scope="col">{t.source}</th>
              <th scope="col" className="number">
                {t.confirmsAt}
              </th>
              <th scope="col" className="number">
                {t.healsAt}
              </th>
              <th scope="col">{t.thresholdFrom}</th>
            </tr>
          </thead>
          <tbody>
            {(about?.thresholds ?? []).map((thresholds) => (
              <tr key={thresholds.source}>
                <td className="mono">{thresholds.source}</td>
                <td className="number">{thresholds.confirmation_threshold}</td>
                <td className="number">{thresholds.healing_enabled ? thresholds.healing_threshold : '–'}</td>
                <td>{thresholds.override ? t.override(thresholds.override) : t.defaults}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(about?.thresholds ?? []).slice(0, 1).map((thresholds) => (
        <p key={thresholds.source}>{howItHeals(thresholds)}</p>
      ))}
      {(about?.thresholds ?? []).length > 0 && <Trial key={code} code={code} thresholds={about?.thresholds ?? []} />}
    </Region>
  );
}

/** Offers to try other thresholds on recorded reports. */
function Trial(props: { readonly code: string; readonly thresholds: readonly FaultThresholds[] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="screen-only" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{faultTexts.tryThresholds}</summary>
      <Suspense fallback={<p>{texts.region.loading}</p>}>{isOpen && <ThresholdTrial {...props} />}</Suspense>
    </details>
  );
}

/**
 * Describes how a confirmed fault heals: the number of passed reports from the confirmation threshold to the healing
 * threshold.
 */
function howItHeals(thresholds: FaultThresholds): string {
  const count = reportsToHeal(thresholds.confirmation_threshold, thresholds);
  if (count === undefined) return faultTexts.healsNever;
  return count === 1 ? faultTexts.healsFirst : faultTexts.healsAfter(count);
}
