import type { HealthWarning } from '@medkit/contract';
import { CopyButton } from '../controls/copy-button.tsx';
import { Severity } from '../controls/severity.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { clockTime, timeMs } from '../time/times.ts';
import { warningSeverity } from './health-facts.ts';
import { doctorTexts } from './texts.ts';

/** A warning of the gateway and its remedy. */
export function DoctorWarning({ warning }: { readonly warning: HealthWarning }) {
  const t = doctorTexts;
  const { code, message, since, docs, remedy, entity_ids, ros_node_fqns, peer_names } = warning;
  const sinceMs = timeMs(since);
  const others = [...ros_node_fqns, ...peer_names];
  return (
    <article className={`card stack doctor-warning doctor-level-${warningSeverity(warning)}`} aria-label={code}>
      <div className="spread">
        <span className="row">
          <Severity severity={warningSeverity(warning)} />
          <code>{code}</code>
        </span>
        {sinceMs !== undefined && <span className="soft number">{t.since(clockTime(sinceMs))}</span>}
      </div>
      <p>{message}</p>
      {entity_ids.length + others.length > 0 && (
        <p className="row soft">
          {t.about}:
          {entity_ids.map((id) => (
            <EntityLink key={id} id={id} />
          ))}
          {others.map((name) => (
            <span key={name} className="mono">
              {name}
            </span>
          ))}
        </p>
      )}
      {remedy && (
        <div className="stack doctor-remedy">
          <p>
            <strong>{t.remedy}:</strong> {remedy.text}
          </p>
          {remedy.command && (
            <div className="row">
              <code className="doctor-command">{remedy.command}</code>
              <CopyButton text={remedy.command} label={t.copyCommand} />
            </div>
          )}
        </div>
      )}
      {docs && (
        <p className="soft">
          {t.guide}: <code>{docs}</code>
        </p>
      )}
    </article>
  );
}

/** A warning names entities only by id, without their kind, so the link goes to the search. */
function EntityLink({ id }: { readonly id: string }) {
  return <Link to={addressOf('find', {}, { q: id })}>{id}</Link>;
}
