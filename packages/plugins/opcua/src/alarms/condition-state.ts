/**
 * How a condition counts here. `suppressed` and `cleared`: there is no fault. `confirmed`: there is one. `healed`: the
 * condition is not active any more, but nobody has acknowledged, or confirmed, that it was; what fault there is stays.
 */
export type ConditionState = 'suppressed' | 'confirmed' | 'healed' | 'cleared';

/** What an event says of its condition (OPC 10000-9, 5.5 to 5.8). */
export interface ConditionFlags {
  /** True where it tells of a former state of the condition. */
  readonly isBranch: boolean;
  readonly enabled: boolean;
  readonly shelved: boolean;
  readonly active: boolean;
  readonly acknowledged: boolean;
  readonly confirmed: boolean;
}

/** The state that follows, and what becomes of the fault. */
export interface ConditionStep {
  readonly state: ConditionState;
  readonly fault: 'as-it-was' | 'raise' | 'clear';
}

/** Whether a condition in this state is one that somebody has to do something about. */
export function isOpen(state: ConditionState): boolean {
  return state === 'confirmed' || state === 'healed';
}

/**
 * What an event makes of a condition. The first row that fits counts; open are `confirmed` and `healed`:
 *
 * | the event says                           | was open            | was not open                |
 * |------------------------------------------|---------------------|-----------------------------|
 * | it tells of a branch                     | as it was           | as it was                   |
 * | disabled                                 | `cleared`, clear    | `suppressed`                |
 * | shelved                                  | `cleared`, clear    | `suppressed`                |
 * | active                                   | `confirmed`, raise* | `confirmed`, raise          |
 * | inactive, and acknowledged and confirmed | `cleared`, clear    | `cleared`                   |
 * | inactive                                 | `healed`            | `healed`                    |
 *
 * \* A condition that was `confirmed` stays so, without another raise. `healed` raises nothing: the fault of it is there,
 * or was before this gateway was, and is cleared once it has been acknowledged. Without `requireConfirm`, acknowledged is
 * enough: there are servers without the optional ConfirmedState (OPC 10000-9, 5.7.2), whose alarms would never end.
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
