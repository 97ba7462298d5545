import type { FleetEvidenceRule } from '@medkit/contract';
import { type FormEvent, useRef, useState } from 'react';
import { useRefusal } from '../access/use-disabled-reason.ts';
import { Dialog } from '../controls/dialog.tsx';
import { fieldProblems } from '../fleet/field-problems.ts';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Failure } from '../regions/failure.tsx';
import { RuleFields } from './rule-fields.tsx';
import { draftOf, MAX_RULES, MAX_SAMPLE, moved, newRule, parseRules, type RuleDraft } from './rules-draft.ts';
import { t } from './texts.ts';

interface RulesDialogProps {
  readonly rules: readonly FleetEvidenceRule[];
  readonly onClose: () => void;
}

/** Replaces the rules of evidence. */
export function RulesDialog({ rules, onClose }: RulesDialogProps) {
  const r = t.rules;
  const [drafts, setDrafts] = useState(() => draftOf(rules));
  const nextKey = useRef(rules.length);
  const [problems, setProblems] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<Error>();
  const [isAtWork, setAtWork] = useState(false);
  const refusal = useRefusal('fleet.manage');
  const refused = fieldProblems(error);
  const change = (next: readonly RuleDraft[]): void => {
    setDrafts(next);
    // Problems name rules by their place.
    setProblems(new Set());
    setError(undefined);
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const parsed = parseRules(drafts);
    setProblems('problems' in parsed ? parsed.problems : new Set());
    if ('problems' in parsed) return;
    setAtWork(true);
    setError(undefined);
    try {
      await gateway().call('setFleetEvidenceRules', { body: { items: parsed.rules } });
      refetchRoutes(['readFleetEvidenceRules']);
      onClose();
    } catch (failure) {
      setError(failure as Error);
      setAtWork(false);
    }
  };
  return (
    <Dialog title={r.editTitle} onClose={onClose} className="evidence-rules-dialog">
      <form className="stack" onSubmit={(event) => void save(event)}>
        <p>
          {r.help} {r.effect}
        </p>
        {drafts.map((draft, at) => (
          <RuleFields
            key={draft.key}
            at={at}
            isLast={at === drafts.length - 1}
            draft={draft}
            problemOf={(field) => {
              const name = `items[${at}].${field}`;
              return problems.has(name) ? r.countProblem(MAX_SAMPLE) : refused[name];
            }}
            onChange={(next) => change(drafts.with(at, next))}
            onMove={(step) => change(moved(drafts, at, step))}
            onRemove={() => change(drafts.toSpliced(at, 1))}
          />
        ))}
        <div className="row">
          <button
            type="button"
            className="button"
            disabled={drafts.length >= MAX_RULES}
            onClick={() => {
              change([...drafts, newRule(nextKey.current)]);
              nextKey.current += 1;
            }}
          >
            {r.add}
          </button>
          {drafts.length >= MAX_RULES && <span className="soft">{r.most(MAX_RULES)}</span>}
        </div>
        {error && <Failure error={error} />}
        <div className="row">
          <button type="submit" className="button primary" disabled={isAtWork || refusal !== undefined}>
            {r.save}
          </button>
          {refusal && <span className="soft">{refusal}</span>}
        </div>
      </form>
    </Dialog>
  );
}
