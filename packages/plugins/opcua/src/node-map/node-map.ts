import type { AutoAlarms } from './auto-alarms.ts';
import type { AutoBrowse } from './auto-browse.ts';
import type { EventAlarm } from './event-alarm.ts';
import type { FaultRule } from './fault-rule.ts';

/** What of a PLC is shown, and where: its nodes as data of entities, its alarms as their faults. */
export interface NodeMap {
  readonly areaId: string;
  readonly areaName: string;
  /** Absent where the PLC itself says what it is. */
  readonly componentId: string | undefined;
  readonly componentName: string | undefined;
  /** No node id, and no name within an entity, stands twice. */
  readonly nodes: readonly MappedNode[];
  readonly eventAlarms: readonly EventAlarm[];
  /** Absent where nothing is browsed. */
  readonly autoBrowse: AutoBrowse | undefined;
  /** Absent where alarms that nothing maps are no faults. */
  readonly autoAlarms: AutoAlarms | undefined;
  /** All that can be called: there are no others. */
  readonly methods: readonly MappedMethod[];
}

/** How a value is shown and taken: a Boolean, a whole number, a number, a text; `json` is an array or a structure, shown alone. */
export type MappedType = 'float' | 'int' | 'bool' | 'string' | 'json';

/** A variable of the PLC that is a data point of an entity. */
export interface MappedNode {
  /** In its canonical form: `ns=2;s=Tank.Level`, `i=2258`. */
  readonly nodeId: string;
  /** The app it belongs to. */
  readonly entityId: string;
  /** The way to that app in the PLC, as a person reads it; absent where the map is written by hand. */
  readonly entityName?: string;
  /** Its name in the API. */
  readonly dataName: string;
  readonly displayName: string;
  readonly unit?: string;
  readonly type: MappedType;
  readonly writable: boolean;
  /** The least value that is written. */
  readonly min?: number;
  /** The greatest value that is written. */
  readonly max?: number;
  /** Names of its numbers, as the PLC has them of an enumeration. */
  readonly names?: ReadonlyMap<number, string>;
  /** The topic that carries its values. */
  readonly rosTopic: string;
  /** What of its values is a fault. */
  readonly faultRule?: FaultRule;
}

/** A method of the PLC that is an operation of an entity. */
export interface MappedMethod {
  readonly objectId: string;
  readonly methodId: string;
  readonly entityId: string;
  /** Its name in the API; absent where that of the PLC is taken. */
  readonly name?: string;
}
