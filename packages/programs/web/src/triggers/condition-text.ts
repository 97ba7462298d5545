import type { AppFaultTrigger } from '@medkit/contract';
import { formatLimit } from '../charts/chart-series.ts';
import { formatValue } from '../values/format-value.ts';
import { type Condition, readCondition } from './condition.ts';
import { type Observed, observedName } from './observed-resource.ts';
import { t } from './texts.ts';

/** Returns a condition as text: `enters 0 … 22 V`. Conditions of plugins are named by their type. */
export function conditionText(input: unknown, unit?: string): string {
  const condition: Condition = readCondition(input);
  const { condition_type: type, lower_bound, upper_bound, target_value } = condition;
  const bound = (value: number | undefined, withUnit?: string) =>
    value === undefined ? '?' : formatLimit(value, withUnit);
  switch (type) {
    case 'OnChange':
      return t.when.OnChange;
    case 'OnChangeTo':
      return t.when.OnChangeTo(target_value === undefined ? '?' : formatValue(target_value));
    case 'EnterRange':
    case 'LeaveRange':
      return t.when[type](bound(lower_bound), bound(upper_bound, unit));
    default:
      return type;
  }
}

/** Returns the comparison of a rule: `< 22 V`. */
export function thresholdText({ operator, threshold }: Pick<AppFaultTrigger, 'operator' | 'threshold'>, unit?: string) {
  return `${operator} ${formatLimit(threshold, unit)}`;
}

/** Returns what a trigger observes as text: `voltage`, `fault status`, `dock status`. */
export function observedLabel(observed: Observed, path: string | null | undefined): string {
  const { collection, item } = observed;
  if (collection === 'data' || !Object.hasOwn(t.anyOf, collection)) return valueName(observedName(observed), path);
  const name = item === '' ? t.anyOf[collection as keyof typeof t.anyOf] : item;
  const part = (path ?? '').slice(1);
  if (part === '') return name;
  return t.partOf(name, Object.hasOwn(t.parts, part) ? t.parts[part as keyof typeof t.parts] : part);
}

/** Returns a value with its field: `cmd_vel /linear/x`. The only field of std_msgs is left out. */
export function valueName(name: string, path: string | null | undefined): string {
  return path && path !== '/data' ? `${name} ${path}` : name;
}
