import type { AppFaultTrigger, Trigger } from '@medkit/contract';
import { useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { RuleTrial } from '../replay/rule-trial.tsx';
import { readCondition } from './condition.ts';
import { ConditionFields } from './condition-fields.tsx';
import { thresholdText, valueName } from './condition-text.ts';
import { type Draft, type DraftProblems, draftOfCondition, EMPTY_DRAFT, type Target, trialDocument } from './draft.ts';
import { ThresholdFields } from './fault-fields.tsx';
import { t } from './texts.ts';

const NO_PROBLEMS: DraftProblems = new Map();

interface TriggerTrialProps {
  readonly trigger: Trigger;
  readonly target: Target;
  readonly unit: string | undefined;
}

/** Tries a stored trigger on recordings with another condition. Absent for conditions of plugins. */
export function TriggerTrial({ trigger, target, unit }: TriggerTrialProps) {
  const { id, trigger_condition, multishot } = trigger;
  const stored = draftOfCondition(readCondition(trigger_condition), multishot);
  const [entered, setDraft] = useState<Draft>();
  const draft = entered ?? stored;
  if (!draft) return null;
  const isActive = trigger.status === 'active';
  return (
    <details className="screen-only">
      <summary>{t.tryCondition}</summary>
      <div className="stack form">
        <ConditionFields
          draft={draft}
          problems={NO_PROBLEMS}
          target={target}
          unit={unit}
          onChange={(changes) => setDraft({ ...draft, ...changes })}
        />
        <RuleTrial
          entity={target.entity}
          document={trialDocument('event', target, draft, isActive ? id : undefined)}
          observesValues={target.collection === 'data'}
        />
      </div>
    </details>
  );
}

interface FaultRuleTrialProps {
  readonly rule: AppFaultTrigger;
  readonly unit: string | undefined;
  readonly onClose: () => void;
}

/** Tries a stored fault rule on recordings with another threshold. */
export function FaultRuleTrial({ rule, unit, onClose }: FaultRuleTrialProps) {
  const { id, app_id, data_name, path, operator, threshold, fault_code, severity } = rule;
  const [draft, setDraft] = useState<Draft>({
    ...EMPTY_DRAFT,
    operator,
    threshold: String(threshold),
    code: fault_code,
    severity,
  });
  const entity = { kind: 'app', id: app_id } as const;
  const target: Target = { entity, collection: 'data', item: data_name, path: path ?? '' };
  return (
    <Dialog title={t.tryRuleTitle(`${valueName(data_name, path)} ${thresholdText(rule, unit)}`)} onClose={onClose}>
      <div className="stack form">
        <ThresholdFields
          draft={draft}
          problems={NO_PROBLEMS}
          unit={unit}
          onChange={(changes) => setDraft({ ...draft, ...changes })}
        />
        <RuleTrial entity={entity} document={trialDocument('fault', target, draft, id)} observesValues />
      </div>
    </Dialog>
  );
}
