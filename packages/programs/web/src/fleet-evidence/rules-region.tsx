import type { FleetEvidenceRule } from '@medkit/contract';
import { useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { useRoute } from '../gateway/gateway.ts';
import { Loaded } from '../regions/loaded.tsx';
import { Region } from '../regions/region.tsx';
import { Time } from '../time/time.tsx';
import { timeMs } from '../time/times.ts';
import { RulesDialog } from './rules-dialog.tsx';
import { severityText } from './severity-text.ts';
import { t } from './texts.ts';

/** The rules of evidence as sentences, and a form to replace them. */
export function RulesRegion() {
  const r = t.rules;
  const rules = useRoute('readFleetEvidenceRules', {});
  const [isEditing, edit] = useState(false);
  const refusal = useRefusal('fleet.manage');
  return (
    <Region
      title={r.title}
      aside={
        <span className="row">
          {refusal !== undefined && <span className="soft">{refusal}</span>}
          <button
            type="button"
            className="button"
            disabled={refusal !== undefined || rules.data === undefined}
            onClick={() => edit(true)}
          >
            {r.edit}
          </button>
        </span>
      }
    >
      <p className="soft">{r.help}</p>
      <Loaded query={rules} height={120}>
        {({ items, changed_at: changedAt, changed_by: changedBy }) => (
          <>
            {items.length === 0 ? <p>{r.none}</p> : <RuleTable rules={items} />}
            <p className="soft">
              {changedAt ? (
                <>
                  <Time ms={timeMs(changedAt)} /> {changedBy && r.changed(changedBy)}
                </>
              ) : (
                r.defaults
              )}
            </p>
          </>
        )}
      </Loaded>
      {isEditing && rules.data && <RulesDialog rules={rules.data.items} onClose={() => edit(false)} />}
    </Region>
  );
}

function RuleTable({ rules }: { readonly rules: readonly FleetEvidenceRule[] }) {
  const r = t.rules;
  return (
    <table className="evidence-rules">
      <thead>
        <tr>
          <th scope="col">{r.matches}</th>
          <th scope="col">{r.collect}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rules are identified by their place, and may be equal.
          <tr key={at}>
            <th scope="row">{matchText(rule)}</th>
            <td>{collectText(rule)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function matchText({ match: { severity, issue, code, site } }: FleetEvidenceRule): string {
  const r = t.rules;
  const least = severity && (severity === 'critical' ? severityText(severity) : r.atLeast(severityText(severity)));
  const parts = [least, issue === 'new' && r.newCode, code, site];
  return parts.filter(Boolean).join(', ') || r.everyFault;
}

function collectText({ collect, recording }: FleetEvidenceRule): string {
  const r = t.rules;
  const { per_issue_version: sampled, per_robot_day: daily } = recording ?? {};
  // A rule with a sample fetches recordings, whether or not `collect` has them.
  const all = recording ? [...new Set([...collect, 'recording' as const])] : collect;
  const limits = [sampled != null && r.sampled(sampled), daily != null && r.daily(daily)].filter(Boolean).join(', ');
  const kinds = all.map((kind) =>
    kind === 'recording' && limits !== '' ? `${t.kinds[kind]} (${limits})` : t.kinds[kind],
  );
  return kinds.join(', ') || r.nothing;
}
