import type { FleetIssueChange, FleetIssueDetail } from '@medkit/contract';
import { type FormEvent, useId, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { fieldProblems } from '../fleet/field-problems.ts';
import { TextField } from '../fleet/text-field.tsx';
import { Failure } from '../regions/failure.tsx';
import { titleOf } from './issue-state.tsx';
import { t } from './texts.ts';
import type { Triage } from './use-triage.ts';

/** Maximum length of a version that the hub accepts. */
const MAX_VERSION = 128;

interface ResolveDialogProps {
  readonly issue: FleetIssueDetail;
  readonly triage: Triage;
  /** Resolves to whether the issue is resolved. */
  readonly onResolve: (change: FleetIssueChange) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Asks in which software an issue is resolved. */
export function ResolveDialog({ issue, triage, onResolve, onClose }: ResolveDialogProps) {
  const r = t.resolving;
  const [version, setVersion] = useState('');
  const [isSent, setSent] = useState(false);
  const versions = useId();
  const refusal = useRefusal('incidents');
  const error = isSent ? triage.result?.error : undefined;
  const resolve = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wanted = version.trim();
    const isDone = await onResolve({ state: 'resolved', ...(wanted && { in_version: wanted }) });
    setSent(true);
    if (isDone) onClose();
  };
  return (
    <Dialog title={r.title(titleOf(issue))} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void resolve(event)}>
        <p>{r.effect}</p>
        <TextField
          label={r.version}
          value={version}
          onType={setVersion}
          maxLength={MAX_VERSION}
          autoComplete="off"
          list={versions}
          problem={fieldProblems(error)['in_version']}
          help={r.versionHelp}
        />
        <datalist id={versions}>
          {issue.by_version.map(({ version: each }) => each && <option key={each} value={each} />)}
        </datalist>
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={triage.isAtWork || refusal !== undefined}>
            {r.now}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}
