import type { FaultTriggerOperator } from '@medkit/contract';
import { isCrossed } from '@medkit/core/faults';
import { type Condition, type ConditionState, comparedNumber, conditionState } from './condition.ts';
import type { Collection } from './observed-resource.ts';
import { t } from './texts.ts';

/** The condition of a trigger, or the threshold of a fault rule as far as it is entered. */
export type CheckedCondition =
  | { readonly is: 'trigger'; readonly condition: Condition }
  | { readonly is: 'rule'; readonly operator: FaultTriggerOperator; readonly threshold: number | undefined };

export interface Verdict {
  readonly state: ConditionState;
  /** What the gateway does next. */
  readonly text: string;
}

/** Returns whether a condition is true for the current value, and what that means. */
export function verdictOf(collection: Collection, checked: CheckedCondition, value: unknown): Verdict {
  if (checked.is === 'rule') return verdictOfRule(checked.operator, checked.threshold, value);
  const { condition } = checked;
  const state = conditionState(condition, value);
  if (collection === 'logs') return { state, text: t.verdicts.logs };
  if (state === 'no-number') return { state, text: t.verdicts.noNumber };
  const { condition_type: type } = condition;
  if (type === 'OnChange') return { state, text: t.verdicts.OnChange };
  if (state === 'unknown' || (type !== 'EnterRange' && type !== 'LeaveRange' && type !== 'OnChangeTo')) {
    return { state, text: t.verdicts.incomplete };
  }
  return { state, text: t.verdicts[type][state] };
}

function verdictOfRule(operator: FaultTriggerOperator, threshold: number | undefined, value: unknown): Verdict {
  const number = comparedNumber(value, { lenient: true });
  if (number === undefined) return { state: 'no-number', text: t.verdicts.noNumber };
  if (threshold === undefined) return { state: 'unknown', text: t.verdicts.incomplete };
  const state = isCrossed({ operator, threshold }, number) ? 'holds' : 'not';
  return { state, text: t.verdicts.rule[state] };
}
