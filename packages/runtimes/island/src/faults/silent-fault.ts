import type { Clock } from '@medkit/edges';
import type { FaultHost } from '@medkit/faults';
import type { Layout } from '../declared/layout.ts';
import { type FaultLevels, faultLevels } from './fault-levels.ts';

export interface SilentFaultOptions {
  /** Name of the runtime in the gateway. */
  readonly runtime: string;
  readonly host: Pick<FaultHost, 'report' | 'standing'>;
  readonly clock: Clock;
  readonly layout: () => Layout | undefined;
}

/** The fault `INGEST_SILENT`: a runtime that should send continuously is silent. It heals with the next state. */
export interface SilentFault {
  changed(isSilent: boolean): void;
  close(): void;
}

export function silentFault({ runtime, host, clock, layout }: SilentFaultOptions): SilentFault {
  let levels: FaultLevels | undefined;
  let occurrences = 0;
  return {
    changed: (isSilent) => {
      levels ??= levelsOf();
      if (isSilent) occurrences++;
      levels?.received([{ result: isSilent ? 'failed' : 'passed', occurrences }]);
    },
    close: () => levels?.close(),
  };

  function levelsOf(): FaultLevels | undefined {
    const { declaration } = layout() ?? {};
    const source = declaration?.components[0]?.id ?? declaration?.apps[0]?.id;
    if (!declaration || source === undefined) return undefined;
    const description = `No message from ${declaration.runtime}: its values are outdated, and its faults keep their last state`;
    const fault = { code: 'INGEST_SILENT', severity: 2, description } as const;
    const indexed = { app: { id: source, name: source, ports: [], faults: [fault] }, fault, at: 0 };
    return faultLevels({ runtime, faults: [indexed], host, clock, evidence: () => [], onStored: () => undefined });
  }
}
