import type { EventSource, PlcEvent, ReadCondition } from '@medkit/opcua';
import { AlarmResolution, type ResolvedAlarm } from './alarm-resolution.ts';
import { type AlarmSignal, NO_SIGNALS } from './alarm-signal.ts';
import { alarmKey } from './auto-alarm-code.ts';
import { type Condition, conditionSignal } from './condition.ts';
import type { ActiveAlarm, AnsweredCondition, ConditionAlarms, ConditionAlarmsOptions } from './condition-alarms.ts';
import { isOpen, nextConditionState } from './condition-state.ts';
import { ConditionTable, MAX_CONDITIONS } from './condition-table.ts';
import { eventSources } from './event-sources.ts';
import { EVENT_QUEUE_OVERFLOW, REFRESH_END, REFRESH_REQUIRED, REFRESH_START } from './event-types.ts';
import { RefreshRound } from './refresh-round.ts';

/** Events that have no condition by design; they are not alarms with missing fields. */
const HOUSEKEEPING: ReadonlySet<string> = new Set([REFRESH_START, REFRESH_END, REFRESH_REQUIRED, EVENT_QUEUE_OVERFLOW]);
/** Maximum characters of a server's text that a log line repeats. */
const MAX_LOGGED_CHARACTERS = 120;

/** Implementation of `ConditionAlarms`, created by `conditionAlarms`. */
class ConditionFaults implements ConditionAlarms {
  readonly sources: readonly EventSource[];
  readonly #options: ConditionAlarmsOptions;
  readonly #resolution: AlarmResolution;
  readonly #table = new ConditionTable();
  readonly #refresh = new RefreshRound();
  /** Notifiers that have shown readable conditions. */
  readonly #showing = new Set<string>();
  readonly #warned = new Set<string>();

  constructor(options: ConditionAlarmsOptions) {
    const { eventAlarms, autoAlarms, isTaken = () => false, scope = '' } = options;
    this.#options = options;
    this.#resolution = new AlarmResolution({ ...options, isTaken, scope });
    this.sources = eventSources(eventAlarms, autoAlarms);
  }

  get active(): readonly ActiveAlarm[] {
    return Array.from(this.#table.open, ({ id, entityId, fault, state, acknowledged, confirmed }) => ({
      ...fault,
      entityId,
      conditionId: id,
      isActive: state === 'confirmed',
      isAcknowledged: acknowledged,
      isConfirmed: confirmed,
    }));
  }

  handle(event: PlcEvent): readonly AlarmSignal[] {
    const { notifier, eventType, conditionId, branchId } = event;
    if (eventType === EVENT_QUEUE_OVERFLOW) this.#refresh.forgetNotifier(notifier);
    if (conditionId === undefined) {
      this.#noteDropped(event);
      return NO_SIGNALS;
    }
    if (branchId !== undefined) return NO_SIGNALS;
    this.#refresh.reported(conditionId);
    return this.#apply(conditionId, event);
  }

  reconcile(notifier: string, read: readonly ReadCondition[]): readonly AlarmSignal[] {
    const conditions = read.slice(0, MAX_CONDITIONS).filter(({ branchId }) => branchId === undefined);
    if (conditions.some(({ conditionId, unread }) => conditionId !== undefined && !unread)) this.#showing.add(notifier);
    const there = new Set<string>();
    const over = new Set<string>();
    const signals: AlarmSignal[] = [];
    for (const condition of conditions) {
      const { conditionId, unread, enabled, active, retain } = condition;
      if (conditionId === undefined) continue;
      // A condition that is disabled or no longer retained is closed, as if a refresh did not report it.
      const isOver = !unread && (!enabled || (active === false && !retain));
      (isOver ? over : there).add(conditionId);
      if (!isOver && !unread) signals.push(...this.#apply(conditionId, { ...condition, notifier }, true));
    }
    if (!this.#showing.has(notifier)) {
      this.#warnOnce(
        `read ${notifier}`,
        `${notifier} shows no readable conditions, so alarms that have ended in the meantime stay active until it reports them`,
      );
      return signals;
    }
    // If not all conditions were read, a missing one may still exist; and conditions of other notifiers may appear
    // here.
    const isGone = (each: Condition) =>
      read.length <= MAX_CONDITIONS && each.notifier === notifier && !there.has(each.id);
    const ended = [...this.#table.open].filter((each) => over.has(each.id) || isGone(each));
    return [...signals, ...ended.flatMap((condition) => this.#close(condition))];
  }

  beginRefresh(notifiers: readonly string[] = this.sources.map(({ notifier }) => notifier)): void {
    this.#refresh.begin(notifiers, this.#table.open);
  }

  endRefresh(): readonly AlarmSignal[] {
    return this.#refresh.end().flatMap((id) => {
      const condition = this.#table.get(id);
      return condition !== undefined && isOpen(condition.state) ? this.#close(condition) : [];
    });
  }

  abandonRefresh(): void {
    this.#refresh.end();
  }

  conditionOf(
    entityId: string,
    code: string,
    step: 'acknowledge' | 'confirm' = 'acknowledge',
  ): AnsweredCondition | undefined {
    const conditions = this.#table.openOfCode(code).filter((each) => each.entityId === entityId);
    const needsIt = ({ acknowledged, confirmed }: Condition) => (step === 'acknowledge' ? !acknowledged : !confirmed);
    const condition = conditions.findLast(needsIt) ?? conditions.at(-1);
    if (condition?.eventId === undefined) return undefined;
    return { conditionId: condition.id, eventId: condition.eventId };
  }

  /** `isRead`: the condition was read, so the event lacks the additional fields of its text. */
  #apply(id: string, event: ReadCondition, isRead = false): readonly AlarmSignal[] {
    const known = this.#table.get(id);
    const alarm = this.#resolution.resolve(event, known);
    if (alarm === undefined) return NO_SIGNALS;
    const isMoved = known !== undefined && isOpen(known.state) && known.fault.code !== alarm.fault.code;
    // An automatic alarm turned out to be mapped: it continues under the code of the map.
    const moved = isMoved ? this.#close(known) : NO_SIGNALS;
    return [...moved, ...this.#step(id, event, { alarm, before: this.#table.get(id), isRead })];
  }

  #step(
    id: string,
    event: ReadCondition,
    resolved: { readonly alarm: ResolvedAlarm; readonly before: Condition | undefined; readonly isRead: boolean },
  ): readonly AlarmSignal[] {
    const { alarm, before, isRead } = resolved;
    const previous = before?.state ?? 'suppressed';
    const { entityId, origin } = alarm;
    const active = before?.state === 'confirmed' ? before : undefined;
    const keepsText = active !== undefined && (isRead || active.textFrom !== event.notifier);
    const fault = keepsText ? { ...alarm.fault, message: active.fault.message } : alarm.fault;
    const clearsItself = origin === 'automatic' && this.#options.autoAlarms?.autoClear === true;
    const flags = {
      isBranch: false,
      enabled: event.enabled,
      shelved: event.shelved,
      active: event.active ?? previous === 'confirmed',
      acknowledged: event.acknowledged || clearsItself,
      confirmed: event.confirmed,
    };
    const next = nextConditionState(previous, flags, this.#options.requireConfirm && !clearsItself);
    const isChanged =
      next.state === 'confirmed' &&
      active !== undefined &&
      (fault.severity !== active.fault.severity || fault.message !== active.fault.message);
    const condition: Condition = {
      id,
      key: before?.key ?? alarmKey(event),
      notifier: before?.origin === 'mapped' && origin === 'mapped' ? before.notifier : event.notifier,
      origin,
      entityId,
      fault,
      textFrom: active?.textFrom ?? event.notifier,
      state: next.state,
      acknowledged: event.acknowledged,
      confirmed: event.confirmed,
      eventId: event.eventId ?? before?.eventId,
    };
    if (next.fault === 'raise') this.#retireForerunners(condition);
    if (!this.#table.put(condition)) {
      this.#warnOnce(
        'full',
        `there are ${MAX_CONDITIONS} open alarms; further ones become no faults until some have ended`,
      );
      return NO_SIGNALS;
    }
    if (next.fault === 'clear') return this.#cleared(condition);
    // The fault manager stores the first description, in addition to the latest severity and text.
    return next.fault === 'raise' || isChanged ? [this.#raised(condition)] : NO_SIGNALS;
  }

  /** A fault with several conditions has the highest severity of the active ones. */
  #raised(condition: Condition): AlarmSignal {
    const active = this.#table.openOfCode(condition.fault.code).filter(({ state }) => state === 'confirmed');
    const severity = active.reduce(
      (worst, { fault }) => (fault.severity > worst ? fault.severity : worst),
      condition.fault.severity,
    );
    return { ...conditionSignal(condition, 'raise'), severity };
  }

  /** Some servers create a new condition each time an alarm becomes active, and forget the previous ones. */
  #retireForerunners({ id, key }: Condition): void {
    for (const former of this.#table.openOfKey(key)) {
      if (former.id !== id && former.state === 'healed') this.#table.put({ ...former, state: 'cleared' });
    }
  }

  #close(condition: Condition): readonly AlarmSignal[] {
    const closed: Condition = { ...condition, state: 'cleared' };
    this.#table.put(closed);
    return this.#cleared(closed);
  }

  /** A fault ends when no condition with its code is open. */
  #cleared(condition: Condition): readonly AlarmSignal[] {
    return this.#table.hasOpen(condition.fault.code) ? NO_SIGNALS : [conditionSignal(condition, 'clear')];
  }

  #noteDropped({ notifier, eventType, message }: PlcEvent): void {
    if (HOUSEKEEPING.has(eventType) || !this.#resolution.isMapped(notifier)) return;
    const text = JSON.stringify(message.slice(0, MAX_LOGGED_CHARACTERS));
    this.#warnOnce(
      `dropped ${notifier}`,
      `${notifier} sends events without a condition, such as ${text}; they are ignored and become no faults`,
    );
  }

  /** Not bounded: the lines concern configured notifiers, of which there are few. */
  #warnOnce(key: string, text: string): void {
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#options.log('warn', text);
  }
}

/** Creates the alarm handling of a PLC; it first reports nothing, then each start and end of a fault. */
export function conditionAlarms(options: ConditionAlarmsOptions): ConditionAlarms {
  return new ConditionFaults(options);
}
