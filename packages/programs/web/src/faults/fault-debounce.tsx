import type { FaultThresholds, FaultXMedkit } from '@medkit/contract';
import { Region } from '../regions/region.tsx';
import { reportsToHeal } from './fault-state.ts';
import { faultTexts } from './texts.ts';

/** The debounce counter of a fault and the thresholds in force for each reporting source. */
export function FaultDebounce({ about }: { readonly about: FaultXMedkit | null | undefined }) {
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
    </Region>
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
