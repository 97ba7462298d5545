import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { AlarmSignal } from '../alarms/alarm-signal.ts';
import type { FaultOwner } from '../faults/fault-reports.ts';
import type { NamespaceStore } from '../namespaces/namespace-store.ts';
import type { NodeMap } from '../node-map/node-map.ts';
import type { PlcOptions } from '../options/plc-options.ts';
import type { PlcLink } from '../session/plc-link.ts';
import type { ChangedValues } from '../session/plc-session.ts';

/** What a PLC is made of, and who is told of it. */
export interface PlcParts {
  readonly options: PlcOptions;
  /** What the node map says, with what the options say of browsing and alarms. */
  readonly map: NodeMap;
  readonly link: PlcLink;
  readonly namespaceStore: NamespaceStore;
  /** Of the fault, of its component, that it cannot be reached. */
  readonly commsLostCode: string;
  /** Whether a fault code is that of somebody else already. */
  readonly isTaken: (code: string) => boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly onSignal: (signal: AlarmSignal, owner: FaultOwner) => void;
  /** Whether an entity or an item is another one than before. */
  readonly onChange: () => void;
  /** A session began, or none is there any more, or there is another reason why. */
  readonly onConnection: (problem: string | undefined) => void;
  /** More is known of what stands at it, so that faults of an earlier time may turn out to be over: `Plc.isOver` says which. */
  readonly onSettled: () => void;
  readonly onValues: (values: ChangedValues) => void;
}
