import { Region } from '../regions/region.tsx';
import { Link } from '../routes/link.tsx';
import { addressOf } from '../routes/pages.ts';
import { t } from './texts.ts';
import type { UpdateLabel, UpdateProblem } from './update-state.ts';
import { useIncidentsOfCodes } from './use-incidents-of-codes.ts';

interface ProblemRegionProps {
  readonly label: UpdateLabel;
  readonly problem: UpdateProblem;
}

/** Why an update was refused or rolled back, with the faults and incidents that caused it. */
export function ProblemRegion({ label, problem }: ProblemRegionProps) {
  const { reason, message, faultCodes, inUse } = problem;
  const title =
    label === 'rolledBack' ? t.rolledBackTitle(inUse) : label === 'refused' ? t.refusedTitle : t.failedTitle;
  const known = reason !== undefined && Object.hasOwn(t.reasons, reason);
  return (
    <Region title={title} className={`update-problem update-problem-${label}`}>
      {known && (
        <p>
          {t.reasons[reason as keyof typeof t.reasons]} <code className="soft">{reason}</code>
        </p>
      )}
      <p className={known ? 'soft' : ''}>{message}</p>
      {faultCodes.length > 0 && <Causes codes={faultCodes} />}
    </Region>
  );
}

/** The faults that were confirmed at the gate. Each links to its incident, else to the list of faults. */
function Causes({ codes }: { readonly codes: readonly string[] }) {
  const known = useIncidentsOfCodes(codes);
  return (
    <ul className="update-causes">
      {codes.map((code) => {
        const incident = known.get(code);
        const to = incident
          ? addressOf('incident', { id: incident })
          : addressOf('faults', {}, { status: 'all', q: code });
        return (
          <li key={code}>
            <Link to={to}>{incident ? t.incidentOf(code) : t.faultOf(code)}</Link>
          </li>
        );
      })}
    </ul>
  );
}
