import type { FleetIssueDetail } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { fieldProblems } from '../fleet/field-problems.ts';
import { TextField } from '../fleet/text-field.tsx';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { titleOf } from './issue-state.tsx';
import { t } from './texts.ts';

/** Maximum length of the name that the hub accepts. */
const MAX_OWNER = 128;

/** Sets who works on an issue. */
export function OwnerDialog({ issue, onClose }: { readonly issue: FleetIssueDetail; readonly onClose: () => void }) {
  const p = t.page;
  const [owner, setOwner] = useState(issue.owner ?? '');
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('incidents');
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setAtWork(true);
    setError(undefined);
    try {
      await gateway().call('changeFleetIssue', { path: { issue: issue.id }, body: { owner: owner.trim() } });
      refetchRoutes(['getFleetIssue', 'listFleetIssues']);
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setAtWork(false);
    }
  };
  return (
    <Dialog title={p.ownerTitle(titleOf(issue))} onClose={onClose}>
      <form className="stack" onSubmit={(event) => void save(event)}>
        <TextField
          label={t.owner}
          value={owner}
          onType={setOwner}
          maxLength={MAX_OWNER}
          autoComplete="off"
          problem={fieldProblems(error)['owner']}
          help={p.ownerHelp}
        />
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={isAtWork || refusal !== undefined}>
            {p.save}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}
