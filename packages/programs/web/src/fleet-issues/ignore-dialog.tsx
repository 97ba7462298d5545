import type { FleetIssueChange } from '@medkit/contract';
import { type FormEvent, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { fieldProblems } from '../fleet/field-problems.ts';
import { TextField } from '../fleet/text-field.tsx';
import { gatewayNowMs } from '../gateway/gateway-clock.ts';
import { Failure } from '../regions/failure.tsx';
import { type IgnoreDraft, type IgnoreProblems, parseIgnoring } from './issue-decision.ts';
import { t } from './texts.ts';
import type { Triage } from './use-triage.ts';

interface IgnoreDialogProps {
  /** The name of the issue, or the number of the issues. */
  readonly name: string;
  readonly triage: Triage;
  /** Resolves to whether every issue is ignored. */
  readonly onIgnore: (change: FleetIssueChange) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Asks until when issues are ignored. */
export function IgnoreDialog({ name, triage, onIgnore, onClose }: IgnoreDialogProps) {
  const i = t.ignoring;
  const [draft, setDraft] = useState<IgnoreDraft>({ robots: '', occurrences: '', date: '' });
  const [problems, setProblems] = useState<IgnoreProblems>({});
  const [isSent, setSent] = useState(false);
  const refusal = useRefusal('incidents');
  const error = isSent ? triage.result?.error : undefined;
  const refused = fieldProblems(error);
  const problemOf = (field: keyof IgnoreDraft): string | undefined => {
    const problem = problems[field];
    return problem === undefined ? refused[`until.${field}`] : i.problems[problem];
  };
  const ignore = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setSent(false);
    const parsed = parseIgnoring(draft, gatewayNowMs());
    setProblems('problems' in parsed ? parsed.problems : {});
    if ('problems' in parsed) return;
    const isDone = await onIgnore({ state: 'ignored', until: parsed.until });
    setSent(true);
    if (isDone) onClose();
  };
  const field = (name: keyof IgnoreDraft) => ({
    label: i[name],
    value: draft[name],
    problem: problemOf(name),
    onType: (value: string) => setDraft({ ...draft, [name]: value }),
  });
  return (
    <Dialog title={i.title(name)} onClose={onClose}>
      <form className="stack" noValidate onSubmit={(event) => void ignore(event)}>
        <p>{i.effect}</p>
        <TextField {...field('robots')} inputMode="numeric" autoComplete="off" />
        <TextField {...field('occurrences')} inputMode="numeric" autoComplete="off" />
        <TextField {...field('date')} type="datetime-local" />
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={triage.isAtWork || refusal !== undefined}>
            {i.now}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}
