import { toEntityId } from '@medkit/core';
import type { AutoAlarms } from '../node-map/auto-alarms.ts';
import type { EventAlarm } from '../node-map/event-alarm.ts';
import type { MappedFault } from '../node-map/fault-rule.ts';
import type { ReadCondition } from '../session/plc-event.ts';
import { autoAlarmCode, freeCode } from './auto-alarm-code.ts';
import type { AlarmOrigin, Condition } from './condition.ts';
import { isOpen } from './condition-state.ts';
import { mappedEvent, messageWith } from './event-mapping.ts';
import { severityOfEvent } from './severity-bands.ts';

/** What fault an event is, and of whom. */
export interface ResolvedAlarm {
  readonly origin: AlarmOrigin;
  readonly entityId: string;
  readonly fault: MappedFault;
}

/** What is known of the PLC that alarms are of. */
export interface AlarmResolutionOptions {
  readonly eventAlarms: readonly EventAlarm[];
  readonly autoAlarms: AutoAlarms | undefined;
  readonly componentId: string;
  readonly entityOfNode: (nodeId: string) => string | undefined;
  /** Whether something else raises this code: a value, or another PLC. */
  readonly isTaken: (code: string) => boolean;
  /** What tells PLCs apart that are alike; empty for the only one. */
  readonly scope: string;
}

/** Says what fault an event is: what the node map says, else what its names say where that is wanted. */
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

  /** Whether the node map has this notifier. */
  isMapped(notifier: string): boolean {
    return this.#alarmsOf.has(notifier);
  }

  /**
   * The fault of an event, `known` being its condition where that is known. While it is open it keeps its code, though its
   * message, by which it was mapped, may be another one now; and an automatic code is kept for good, unless the same event
   * turns out to be mapped at another notifier.
   */
  resolve(event: ReadCondition, known: Condition | undefined): ResolvedAlarm | undefined {
    // The same event comes from each notifier above its source. What the map says of that source counts at each of them, so
    // it does not matter which one tells first, nor whether the source itself can be subscribed to.
    const mapped = this.#mapped(event.sourceNode, event) ?? this.#mapped(event.notifier, event);
    if (known?.origin === 'mapped' && isOpen(known.state)) {
      // What another mapping says of it is of another fault.
      return mapped?.fault.code === known.fault.code && mapped.entityId === known.entityId ? mapped : known;
    }
    if (mapped !== undefined) return mapped;
    // It is mapped at another notifier, which tells of it too.
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
    const isKept = known !== undefined && isOpen(known.state);
    // An alarm that was told of as begun is told of as over, whatever its message is by then.
    if (!isKept && !(event.notifier === autoAlarms.source && isWanted(event, autoAlarms))) return undefined;
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
