import type { FleetCampaignGateState } from '@medkit/contract';
import { parseFaultSeverity } from '@medkit/contract/fault-severity';
import { rateOf, rateText } from '../fleet-issues/bars.ts';
import { Region } from '../regions/region.tsx';
import { texts } from '../texts/texts.ts';
import { formatDuration } from '../time/times.ts';
import { t } from './texts.ts';

/** What the gate of a campaign reads, beside the limits at which it stops. */
export function CampaignGate({ gate }: { readonly gate: FleetCampaignGateState }) {
  const g = t.gate;
  const { failed, lost, new_issue: issue, errors, approval } = gate;
  const severity = texts.severity[parseFaultSeverity(issue.severity) ?? 3]!;
  return (
    <Region title={g.title}>
      <table className="fleet-figures">
        <thead>
          <tr>
            <th scope="col">{g.check}</th>
            <th scope="col">{g.now}</th>
            <th scope="col">{g.limit}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{g.failed}</th>
            <td>{g.failedNow(failed.robots, failed.ended)}</td>
            <td>{g.failedLimit(failed.least, failed.percent)}</td>
          </tr>
          <tr>
            <th scope="row">{g.lost}</th>
            <td>{g.robots(lost.robots)}</td>
            <td>{g.robots(lost.limit)}</td>
          </tr>
          <tr>
            <th scope="row">{g.newIssue}</th>
            <td>{issue.issue ?? g.noIssue}</td>
            <td>{g.issueLimit(severity, issue.robots)}</td>
          </tr>
          {(['changed', 'before', 'others'] as const).map((which) => (
            <tr key={which}>
              <th scope="row">
                {g.errors} {g[which]}
              </th>
              <td>
                <ErrorRate {...errors[which]} />
              </td>
              <td>{which === 'changed' && g.errorsLimit(errors.rate_ratio)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="soft">
        {g.soak(formatDuration(gate.soak_sec * 1000))} {g.opens(gate.least_done)} {approval && g.approval[approval]}
      </p>
    </Region>
  );
}

function ErrorRate({ errors, hours }: FleetCampaignGateState['errors']['changed']) {
  const rate = rateOf({ occurrences: errors, running_hours: hours });
  if (rate === undefined) return <span className="soft">{t.gate.noHours}</span>;
  return <span className="number">{t.gate.rate(rateText(rate, 1), errors, hours.toFixed(1))}</span>;
}
