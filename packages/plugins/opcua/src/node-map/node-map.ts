import type { AutoAlarms } from './auto-alarms.ts';
import type { AutoBrowse } from './auto-browse.ts';
import type { EventAlarm } from './event-alarm.ts';
import type { FaultRule } from './fault-rule.ts';

/** Mapping of a PLC to entities: nodes become data, alarms become faults. */
export interface NodeMap {
  readonly areaId: string;
  readonly areaName: string;
  /** If absent, the PLC's nameplate is used. */
  readonly componentId: string | undefined;
  readonly componentName: string | undefined;
  /** Without duplicate node ids and without duplicate names in an entity. */
  readonly nodes: readonly MappedNode[];
  readonly eventAlarms: readonly EventAlarm[];
  /** If absent, the PLC is not browsed. */
  readonly autoBrowse: AutoBrowse | undefined;
  /** If absent, unmapped alarms are not faults. */
  readonly autoAlarms: AutoAlarms | undefined;
  /** All callable methods. */
  readonly methods: readonly MappedMethod[];
}

/** Representation of a value: boolean, integer, number, text; `json` is a read-only array or structure. */
export type MappedType = 'float' | 'int' | 'bool' | 'string' | 'json';

/** A variable of the PLC as a data point of an entity. */
export interface MappedNode {
  /** In canonical form: `ns=2;s=Tank.Level`, `i=2258`. */
  readonly nodeId: string;
  /** The app that contains it. */
  readonly entityId: string;
  /** The path of the app in the PLC, for display; absent in maps written by hand. */
  readonly entityName?: string;
  /** Its name in the API. */
  readonly dataName: string;
  readonly displayName: string;
  readonly unit?: string;
  readonly type: MappedType;
  readonly writable: boolean;
  /** Minimum value for writes. */
  readonly min?: number;
  /** Maximum value for writes. */
  readonly max?: number;
  /** Names of the numbers of a PLC enumeration. */
  readonly names?: ReadonlyMap<number, string>;
  /** The topic on which its values are published. */
  readonly rosTopic: string;
  /** Rule that detects faults in its values. */
  readonly faultRule?: FaultRule;
}

/** A method of the PLC as an operation of an entity. */
export interface MappedMethod {
  readonly objectId: string;
  readonly methodId: string;
  readonly entityId: string;
  /** Its name in the API; if absent, the PLC's name is used. */
  readonly name?: string;
}
