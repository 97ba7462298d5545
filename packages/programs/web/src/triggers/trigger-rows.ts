import type { AppFaultTrigger, Trigger } from '@medkit/contract';
import { observedName, readObserved } from './observed-resource.ts';

/** State of a trigger: a one-shot trigger that fired is listed for an hour. */
export type TriggerState = 'active' | 'problem' | 'ended';

/** Returns the state of a trigger. */
export function stateOfTrigger({ status, 'x-medkit': about }: Trigger): TriggerState {
  if (status === 'terminated') return 'ended';
  return about?.problem ? 'problem' : 'active';
}

export type RuleState = 'raised' | 'problem' | 'watching' | 'inactive';

/** Returns the state of a fault rule. */
export function stateOfRule({ active, 'x-medkit': about }: Pick<AppFaultTrigger, 'active' | 'x-medkit'>): RuleState {
  if (!active) return 'inactive';
  if (about?.crossed) return 'raised';
  return about?.problem ? 'problem' : 'watching';
}

/** Returns the triggers that contain all words of the query and are in the state; an empty state means any. */
export function matchingTriggers(all: readonly Trigger[], query: string, state: string): readonly Trigger[] {
  return all.filter((trigger) => {
    if (state !== '' && stateOfTrigger(trigger) !== state) return false;
    const observed = readObserved(trigger.observed_resource);
    const texts = [
      trigger.id,
      trigger.observed_resource,
      observed && `${observed.entity?.id} ${observedName(observed)}`,
      trigger.protocol,
      trigger['x-medkit']?.webhook?.origin,
      trigger['x-medkit']?.problem,
    ];
    return containsAll(texts, query);
  });
}

/** Returns the rules that contain all words of the query. */
export function matchingRules(all: readonly AppFaultTrigger[], query: string): readonly AppFaultTrigger[] {
  return all.filter(({ id, app_id, data_name, path, fault_code, severity, 'x-medkit': about }) =>
    containsAll([id, app_id, data_name, path, fault_code, severity, about?.problem], query),
  );
}

function containsAll(texts: readonly unknown[], query: string): boolean {
  const text = texts.filter(Boolean).join(' ').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
