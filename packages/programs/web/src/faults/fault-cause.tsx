import type { FaultXMedkit } from '@medkit/contract';
import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { formatDuration } from '../time/times.ts';
import { faultTexts } from './texts.ts';

/** Explains a fault: the fault it is a symptom of, the rule that mutes it, and the cluster it belongs to. */
export function FaultCause({ about }: { readonly about: FaultXMedkit | null | undefined }) {
  const t = faultTexts;
  const { symptom_of, muted, cluster } = about ?? {};
  return (
    <Region title={t.why} className="fault-half">
      {!symptom_of && !muted && !cluster && <p className="soft">{t.stands}</p>}
      <dl>
        {symptom_of && <Explained name={t.symptomOf} by={symptom_of} />}
        {muted && <Explained name={t.mutedBy} by={muted} />}
        {cluster && (
          <>
            <dt>{t.partOf}</dt>
            <dd>
              <FaultsOfCode code={cluster.representative_code} />{' '}
              <span className="soft">{t.clusterRule(cluster.rule_id)}</span>
            </dd>
          </>
        )}
      </dl>
    </Region>
  );
}

interface ExplainedProps {
  readonly name: string;
  readonly by: { readonly root_cause_code: string; readonly rule_id: string; readonly delay_ms: number };
}

function Explained({ name, by }: ExplainedProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <FaultsOfCode code={by.root_cause_code} />{' '}
        <span className="soft">{faultTexts.ruleDelay(by.rule_id, formatDuration(by.delay_ms))}</span>
      </dd>
    </>
  );
}

/** A fault code does not identify the entity, so the link leads to the filtered list. */
function FaultsOfCode({ code }: { readonly code: string }) {
  return (
    <Link className="mono" to={addressOf('faults', {}, { status: 'all', muted: 1, q: code })}>
      {code}
    </Link>
  );
}
