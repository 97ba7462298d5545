import { toEntityId } from '@medkit/core';
import type { ReadCondition } from '@medkit/opcua';
import type { AutoAlarms } from '../node-map/auto-alarms.ts';
import type { EventAlarm } from '../node-map/event-alarm.ts';
import type { MappedFault } from '../node-map/fault-rule.ts';
import { autoAlarmCode, freeCode } from './auto-alarm-code.ts';
import type { AlarmOrigin, Condition } from './condition.ts';
import { isOpen } from './condition-state.ts';
import { mappedEvent, messageWith } from './event-mapping.ts';
import { severityOfEvent } from './severity-bands.ts';

/** The fault of an event, with its entity. */
export interface ResolvedAlarm {
  readonly origin: AlarmOrigin;
  readonly entityId: string;
  readonly fault: MappedFault;
}

/** What is known about the PLC of the alarms. */
export interface AlarmResolutionOptions {
  readonly eventAlarms: readonly EventAlarm[];
  readonly autoAlarms: AutoAlarms | undefined;
  readonly componentId: string;
  readonly entityOfNode: (nodeId: string) => string | undefined;
  /** Returns whether another source raises this code: a value, or another PLC. */
  readonly isTaken: (code: string) => boolean;
  /** Distinguishes identical PLCs; empty if there is only one. */
  readonly scope: string;
}

/**
 * Determines the fault of an event: from the node map, otherwise from the event's names if automatic alarms are
 * enabled.
 */
export class AlarmResolution {
  readonly #options: AlarmResolutionOptions;
  readonly #mappedCodes: ReadonlySet<string>;
  readonly #alarmsOf: ReadonlyMap<string, readonly EventAlarm[]>;

  constructor(options: AlarmResolutionOptions) {
    const { eventAlarms } = options;
    this.#options = options;
    this.#mappedCodes = new Set(
      eventAlarms.flatMap(({ code, mappings }) => [code ?? [], ...mappings.map((mapping) => mapping.code)].flat()),
    );
    this.#alarmsOf = Map.groupBy(eventAlarms, ({ source }) => source);
  }

  /** Returns whether the node map contains this notifier. */
  isMapped(notifier: string): boolean {
    return this.#alarmsOf.has(notifier);
  }

  /**
   * Returns the fault of an event; `known` is its condition, if known. An open condition keeps its code even if its
   * message, by which it was mapped, has changed. An automatic code never changes, unless the same event turns out to
   * be mapped at another notifier.
   */
  resolve(event: ReadCondition, known: Condition | undefined): ResolvedAlarm | undefined {
    // Every notifier above the source reports the same event. A mapping of the source applies at each of them, so
    // neither the order of reports nor a failed subscription of the source matters.
    const mapped = this.#mapped(event.sourceNode, event) ?? this.#mapped(event.notifier, event);
    if (known?.origin === 'mapped' && isOpen(known.state)) {
      // Another mapping would report a different fault.
      return mapped?.fault.code === known.fault.code && mapped.entityId === known.entityId ? mapped : known;
    }
    if (mapped !== undefined) return mapped;
    // It is mapped at another notifier, which also reports it.
    if (known?.origin === 'mapped' && known.notifier !== event.notifier) return undefined;
    return this.#automatic(event, known);
  }

  #mapped(source: string, event: ReadCondition): ResolvedAlarm | undefined {
    for (const alarm of this.#alarmsOf.get(source) ?? []) {
      const fault = mappedEvent(alarm, event);
      if (fault !== undefined) return { origin: 'mapped', entityId: alarm.entityId, fault };
    }
    return undefined;
  }

  #automatic(event: ReadCondition, known: Condition | undefined): ResolvedAlarm | undefined {
    const { autoAlarms, componentId, entityOfNode, isTaken, scope } = this.#options;
    if (autoAlarms === undefined) return undefined;
    const { entityId, fault } = known?.origin === 'automatic' ? known : {};
    const isTracked = known !== undefined && isOpen(known.state);
    // An alarm that was reported as active must be reported as cleared, whatever its message is then.
    if (!isTracked && !(event.notifier === autoAlarms.source && isWanted(event, autoAlarms))) return undefined;
    const isOther = (code: string) => this.#mappedCodes.has(code) || isTaken(code);
    const code = fault?.code ?? freeCode(autoAlarmCode(event, scope), isOther);
    const fields = (this.#alarmsOf.get(event.notifier) ?? []).flatMap(({ associatedValues }) => associatedValues);
    return {
      origin: 'automatic',
      entityId:
        entityId ?? entityOfNode(event.sourceNode) ?? autoAlarms.entityId ?? toEntityId(`${componentId}_alarms`),
      fault: {
        code,
        severity: severityOfEvent(event.severity, autoAlarms.bands),
        message: messageWith(event.message || event.conditionName || code, fields, event.associated),
      },
    };
  }
}

function isWanted({ conditionName, sourceName, message }: ReadCondition, { include, exclude }: AutoAlarms): boolean {
  const isIn = (part: string) => [conditionName, sourceName, message].some((text) => text.includes(part));
  return !exclude.some(isIn) && (include.length === 0 || include.some(isIn));
}
