/**
 * State of a condition. `suppressed` and `cleared`: there is no fault. `confirmed`: there is one. `healed`: the
 * condition is inactive but not yet acknowledged or confirmed; an existing fault stays.
 */
export type ConditionState = 'suppressed' | 'confirmed' | 'healed' | 'cleared';

/** Condition fields of an event (OPC 10000-9, 5.5 to 5.8). */
export interface ConditionFlags {
  /** True if the event refers to a previous state of the condition. */
  readonly isBranch: boolean;
  readonly enabled: boolean;
  readonly shelved: boolean;
  readonly active: boolean;
  readonly acknowledged: boolean;
  readonly confirmed: boolean;
}

/** The next state and the effect on the fault. */
export interface ConditionStep {
  readonly state: ConditionState;
  readonly fault: 'as-it-was' | 'raise' | 'clear';
}

/** Returns whether a condition in this state requires action by an operator. */
export function isOpen(state: ConditionState): boolean {
  return state === 'confirmed' || state === 'healed';
}

/**
 * Returns the effect of an event on a condition. The first matching row applies; `confirmed` and `healed` are open:
 *
 * | event                                | condition was open  | condition was not open |
 * |--------------------------------------|---------------------|------------------------|
 * | refers to a branch                   | unchanged           | unchanged              |
 * | disabled                             | `cleared`, clear    | `suppressed`           |
 * | shelved                              | `cleared`, clear    | `suppressed`           |
 * | active                               | `confirmed`, raise* | `confirmed`, raise     |
 * | inactive, acknowledged and confirmed | `cleared`, clear    | `cleared`              |
 * | inactive                             | `healed`            | `healed`               |
 *
 * \* A `confirmed` condition stays so without another raise. `healed` raises nothing: its fault exists, or existed before
 * this gateway started, and is cleared after the acknowledgement. Without `requireConfirm`, the acknowledgement suffices:
 * alarms of servers without the optional ConfirmedState (OPC 10000-9, 5.7.2) would never end.
 */
export function nextConditionState(
  previous: ConditionState,
  { isBranch, enabled, shelved, active, acknowledged, confirmed }: ConditionFlags,
  requireConfirm: boolean,
): ConditionStep {
  if (isBranch) return { state: previous, fault: 'as-it-was' };
  const over = (otherwise: ConditionState): ConditionStep =>
    isOpen(previous) ? { state: 'cleared', fault: 'clear' } : { state: otherwise, fault: 'as-it-was' };
  if (!enabled || shelved) return over('suppressed');
  if (active) return { state: 'confirmed', fault: previous === 'confirmed' ? 'as-it-was' : 'raise' };
  if (acknowledged && (confirmed || !requireConfirm)) return over('cleared');
  return { state: 'healed', fault: 'as-it-was' };
}
