import type { FleetIssueDetail } from '@medkit/contract';
import { useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { IgnoreDialog } from './ignore-dialog.tsx';
import { titleOf } from './issue-state.tsx';
import { OwnerDialog } from './owner-dialog.tsx';
import { ResolveDialog } from './resolve-dialog.tsx';
import { t } from './texts.ts';
import { TriageResultLine } from './triage-result.tsx';
import { useTriage } from './use-triage.ts';

/** The decisions on an issue. Without the permission the buttons are disabled, and the reason is beside them. */
export function IssueActions({ issue }: { readonly issue: FleetIssueDetail }) {
  const p = t.page;
  const [open, setOpen] = useState<'resolve' | 'ignore' | 'owner'>();
  const triage = useTriage();
  const refusal = useRefusal('incidents');
  const canDecide = refusal === undefined && !triage.isAtWork;
  const close = () => setOpen(undefined);
  const isClosed = issue.state === 'resolved' || issue.state === 'ignored' || issue.state === 'muted';
  const buttons = [
    [p.resolve, () => setOpen('resolve'), true],
    [t.ignore, () => setOpen('ignore'), true],
    [p.mute, () => void triage.decide([issue], { state: 'muted' }), issue.state !== 'muted'],
    [p.reopen, () => void triage.decide([issue], { state: 'ongoing' }), isClosed],
    [p.changeOwner, () => setOpen('owner'), true],
  ] as const;
  return (
    <>
      <div className="row">
        {buttons
          .filter(([, , isOffered]) => isOffered)
          .map(([label, act]) => (
            <button key={label} type="button" className="button" disabled={!canDecide} onClick={act}>
              {label}
            </button>
          ))}
        {refusal !== undefined && <span className="soft">{refusal}</span>}
      </div>
      <TriageResultLine triage={triage} />
      {open === 'resolve' && (
        <ResolveDialog
          issue={issue}
          triage={triage}
          onResolve={(change) => triage.decide([issue], change)}
          onClose={close}
        />
      )}
      {open === 'ignore' && (
        <IgnoreDialog
          name={titleOf(issue)}
          triage={triage}
          onIgnore={(change) => triage.decide([issue], change)}
          onClose={close}
        />
      )}
      {open === 'owner' && <OwnerDialog issue={issue} onClose={close} />}
    </>
  );
}
