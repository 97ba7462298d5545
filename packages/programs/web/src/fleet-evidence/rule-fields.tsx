import { FAULT_SEVERITIES } from '@medkit/contract/fault-severity';
import { TextField } from '../fleet/text-field.tsx';
import type { RecordingChoice, RuleDraft } from './rules-draft.ts';
import { severityText } from './severity-text.ts';
import { t } from './texts.ts';

/** Evidence that is small enough to be fetched without samples. */
const SMALL_KINDS = ['frames', 'logs'] as const;

interface RuleFieldsProps {
  /** Place of the rule in the list, from 0. */
  readonly at: number;
  readonly isLast: boolean;
  readonly draft: RuleDraft;
  /** Returns the problem of a field, by the name that the hub has for it in a rule. */
  readonly problemOf: (field: string) => string | undefined;
  readonly onChange: (draft: RuleDraft) => void;
  readonly onMove: (step: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** The fields of one rule of evidence. */
export function RuleFields({ at, isLast, draft, problemOf, onChange, onMove, onRemove }: RuleFieldsProps) {
  const r = t.rules;
  const set = (changes: Partial<RuleDraft>): void => onChange({ ...draft, ...changes });
  const toggle = (kind: (typeof SMALL_KINDS)[number]): void =>
    set({
      collect: draft.collect.includes(kind) ? draft.collect.filter((each) => each !== kind) : [...draft.collect, kind],
    });
  return (
    <fieldset className="evidence-rule">
      <legend>{r.rule(at + 1)}</legend>
      <label className="fleet-field">
        {r.severity}
        <select value={draft.severity} onChange={({ target }) => set({ severity: target.value })}>
          <option value="">{r.anySeverity}</option>
          {FAULT_SEVERITIES.names.map((name) => (
            <option key={name} value={name}>
              {severityText(name)}
            </option>
          ))}
        </select>
      </label>
      <TextField
        label={t.code}
        value={draft.code}
        onType={(code) => set({ code })}
        maxLength={256}
        problem={problemOf('match.code')}
        help={r.codeHelp}
      />
      <TextField
        label={r.site}
        value={draft.site}
        onType={(site) => set({ site })}
        maxLength={63}
        problem={problemOf('match.site')}
        help={r.siteHelp}
      />
      <label className="row evidence-wide">
        <input type="checkbox" checked={draft.isNew} onChange={({ target }) => set({ isNew: target.checked })} />
        {r.isNew}
      </label>
      <div className="row evidence-wide">
        <span>{r.collect}</span>
        {SMALL_KINDS.map((kind) => (
          <label key={kind} className="row">
            <input type="checkbox" checked={draft.collect.includes(kind)} onChange={() => toggle(kind)} />
            {t.kinds[kind]}
          </label>
        ))}
      </div>
      <label className="fleet-field evidence-wide">
        {r.recordings}
        <select
          value={draft.recordings}
          onChange={({ target }) => set({ recordings: target.value as RecordingChoice })}
        >
          {Object.entries(r.recordingChoices).map(([choice, text]) => (
            <option key={choice} value={choice}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {draft.recordings === 'sample' && (
        <>
          <TextField
            label={r.perIssueVersion}
            value={draft.perIssueVersion}
            onType={(perIssueVersion) => set({ perIssueVersion })}
            inputMode="numeric"
            problem={problemOf('recording.per_issue_version')}
            help={r.countHelp}
          />
          <TextField
            label={r.perRobotDay}
            value={draft.perRobotDay}
            onType={(perRobotDay) => set({ perRobotDay })}
            inputMode="numeric"
            problem={problemOf('recording.per_robot_day')}
            help={r.countHelp}
          />
        </>
      )}
      <div className="row evidence-wide">
        <button
          type="button"
          className="button"
          aria-label={r.moveUp(at + 1)}
          disabled={at === 0}
          onClick={() => onMove(-1)}
        >
          {r.up}
        </button>
        <button
          type="button"
          className="button"
          aria-label={r.moveDown(at + 1)}
          disabled={isLast}
          onClick={() => onMove(1)}
        >
          {r.down}
        </button>
        <button type="button" className="button" aria-label={r.removeRule(at + 1)} onClick={onRemove}>
          {r.remove}
        </button>
      </div>
    </fieldset>
  );
}
