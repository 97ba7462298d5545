import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { formatDuration } from '../time/times.ts';
import type { AllFaults } from './fault-list.ts';
import { faultTexts } from './texts.ts';

/** Faults that are muted by another fault, and clusters of faults of one event. */
export function MutedFaults({ muted, clusters }: Pick<AllFaults, 'muted' | 'clusters'>) {
  const t = faultTexts;
  const find = (q: string) => addressOf('faults', {}, { status: 'all', muted: 1, q });
  return (
    <section className="card stack" aria-label={t.withMuted}>
      {muted.length === 0 && clusters.length === 0 && <p className="soft">{t.nothingMuted}</p>}
      {muted.length > 0 && (
        <ul className="stack">
          {muted.map((fault) => (
            <li key={`${fault.origin} ${fault.fault_code}`}>
              <Link to={find(fault.fault_code)}>{fault.fault_code}</Link>{' '}
              {t.explainedBy(fault.root_cause_code, fault.rule_id, formatDuration(fault.delay_ms))}
            </li>
          ))}
        </ul>
      )}
      {clusters.length > 0 && (
        <ul className="stack">
          {clusters.map(({ cluster_id, label, rule_name, representative_code, fault_codes }) => (
            <li key={cluster_id}>
              {t.cluster(label, rule_name, fault_codes.length)}{' '}
              <Link to={find(representative_code)}>{representative_code}</Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
