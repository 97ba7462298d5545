import type { AuditVerification } from '@medkit/contract';
import { useChange } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { Failure } from '../regions/failure.tsx';
import { auditTexts } from './texts.ts';

/** Verifies the hash chain of the log on request and shows the result. */
export function AuditVerdict() {
  const t = auditTexts;
  const mayVerify = usePermission('audit.verify');
  const check = useChange('verifyAuditLog');
  if (!mayVerify) return null;
  return (
    <div className="row">
      <div role="status">
        {check.error && <Failure error={check.error} />}
        {check.data && <Verdict verdict={check.data} />}
      </div>
      <button type="button" className="button" disabled={check.isPending} onClick={() => check.mutate({})}>
        {check.isPending ? t.verifying : t.verify}
      </button>
    </div>
  );
}

function Verdict({ verdict }: { readonly verdict: AuditVerification }) {
  const t = auditTexts;
  return (
    <ul>
      <li>
        <VerdictText {...verdict} />
      </li>
      {verdict.gateways?.map(({ origin, witness, ...result }) => (
        <li key={origin}>
          <strong>{origin}</strong>: <VerdictText {...result} />{' '}
          {witness?.problem && <span className="severity-2">{witness.problem}</span>}
        </li>
      ))}
      {verdict['x-medkit']?.failed_peers?.map((name) => (
        <li key={name} className="severity-1">
          {t.silent(name)}
        </li>
      ))}
    </ul>
  );
}

function VerdictText({
  intact,
  checked,
  bad_record,
  problem,
  head,
}: Pick<AuditVerification, 'intact' | 'checked' | 'bad_record' | 'problem' | 'head'>) {
  const t = auditTexts;
  if (!intact) return <strong className="severity-2">{t.broken(bad_record ?? undefined, problem ?? '')}</strong>;
  return (
    <span className="number">
      {t.intact(checked)}{' '}
      {head && (
        <span className="mono soft" title={head.hash}>
          {t.head(head.id, head.hash.slice(0, 16))}
        </span>
      )}
    </span>
  );
}
