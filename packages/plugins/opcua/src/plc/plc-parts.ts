import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { ChangedValues, PlcLink } from '@medkit/opcua';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import type { NamespaceStore } from '../namespaces/namespace-store.ts';
import type { NodeMap } from '../node-map/node-map.ts';
import type { PlcOptions } from '../options/plc-options.ts';

/** Parts of a PLC, and its callbacks. */
export interface PlcParts {
  readonly options: PlcOptions;
  /** The node map, merged with the options for browsing and alarms. */
  readonly map: NodeMap;
  readonly link: PlcLink;
  readonly namespaceStore: NamespaceStore;
  /** Code of the component's fault for a lost connection. */
  readonly commsLostCode: string;
  /** Returns whether another source uses a fault code. */
  readonly isTaken: (code: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly onSignal: (signal: AlarmSignal) => void;
  /** Called when entities or items have changed. */
  readonly onChange: () => void;
  /** Called when a session starts or ends, or the reason for a missing session changes. */
  readonly onConnection: (problem: string | undefined) => void;
  /** Called when more of its state is known, so that faults of an earlier run may be over: see `Plc.isOver`. */
  readonly onSettled: () => void;
  readonly onValues: (values: ChangedValues) => void;
}
