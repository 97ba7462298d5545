import type { Contribution, DataProvider, RuntimeHealth, RuntimeHost } from '@medkit/core';
import { type Declaration, ingestReceiver, type ReceivedFault, type ReceivedState } from '@medkit/ingest';
import { declaredEntities } from './declared/declared-entities.ts';
import { type Layout, layoutOf } from './declared/layout.ts';
import { freezeFrame } from './evidence/freeze-frame.ts';
import { islandEvidence } from './evidence/island-evidence.ts';
import { portTaps } from './evidence/port-taps.ts';
import { type FaultLevels, faultLevels } from './faults/fault-levels.ts';
import { silentFault } from './faults/silent-fault.ts';
import { islandHealth } from './island-health.ts';
import type { IslandRuntimeOptions } from './island-options.ts';
import { portData } from './ports/port-data.ts';
import { PortMemory } from './ports/port-memory.ts';
import { sessionCheckpoint } from './session/session-checkpoint.ts';
import { sessionFile } from './session/session-file.ts';
import { stalenessDetector } from './session/staleness-detector.ts';

export interface OpenIsland {
  readonly data: DataProvider;
  contribution(): Contribution;
  health(): RuntimeHealth;
  hasBlockingPort(): boolean;
  close(): Promise<void>;
}

interface OpenIslandOptions extends IslandRuntimeOptions {
  /** Name of the runtime in the gateway. */
  readonly runtime: string;
  readonly host: RuntimeHost;
}

/** State of one declaration; recreated with the next one. */
interface Island {
  readonly layout: Layout;
  readonly memory: PortMemory;
  readonly levels: FaultLevels | undefined;
}

/** Starts listening and resumes the stored session. */
export async function openIsland(options: OpenIslandOptions): Promise<OpenIsland> {
  const { runtime, host, address, key, clock, faults, silentMs, historyMs, files, sessionPath } = options;
  const file = sessionFile({ path: sessionPath, files, key, log: host.log });
  const before = await file.read();
  let island: Island | undefined;
  const quiet = stalenessDetector({ silentMs, clock, changed: () => silenceChanged() });
  const staleReason = (): string | undefined =>
    quiet.sinceMs === undefined ? undefined : `no message since ${new Date(quiet.sinceMs).toISOString()}`;
  const layout = () => island?.layout;
  const memory = () => island?.memory;
  const taps = portTaps(layout);
  const data = portData(() => ({ layout: layout(), memory: memory(), staleReason: staleReason() }), clock);
  const leave = faults?.join({ runtime, sources: islandEvidence({ runtime, taps, layout, memory }), figures: {} });
  const silent = faults && silentFault({ runtime, host: faults, clock, layout });
  const silenceChanged = (): void => {
    silent?.changed(quiet.sinceMs !== undefined);
    host.changed();
  };

  const declare = (declaration: Declaration, occurrences: readonly number[] | undefined): void => {
    island?.levels?.close();
    const indexed = layoutOf(declaration);
    const ports = new PortMemory(
      indexed.ports.map(({ port }) => port.type),
      historyMs,
    );
    const levels =
      faults &&
      faultLevels({
        runtime,
        faults: indexed.faults,
        occurrences,
        host: faults,
        clock,
        evidence: (of) => freezeFrame(indexed, of, ports),
        onStored: () => mark.keep(),
      });
    island = { layout: indexed, memory: ports, levels };
    quiet.expect();
    taps.declared();
    host.changed();
  };
  let isFirst = true;
  const take = (state: ReceivedState): void => {
    if (!island) return;
    const receivedNs = clock.wallNs();
    island.memory.put(state.ports, state.timeUs, receivedNs);
    quiet.received();
    if (isFirst) {
      isFirst = false;
      mark.keep();
      // The runtime may have been silent when the gateway exited.
      silenceChanged();
    }
    const isFresh = mark.isFresh(state.session, state.timeUs);
    island.levels?.received(isFresh ? state.faults : state.faults.map(unhealing));
    taps.received(state, receivedNs);
    data.received();
  };
  const receiver = ingestReceiver({
    key,
    ...(before?.mark && { mark: before.mark }),
    listener: {
      declared: (declaration, session) => {
        declare(declaration, session === before?.mark?.session ? before.mark.occurrences : undefined);
      },
      state: take,
    },
  });
  const mark = sessionCheckpoint({
    file,
    before,
    clock,
    now: () => {
      const reached = receiver.mark;
      if (!reached || !island) return undefined;
      const occurrences = island.levels?.occurrences ?? [];
      return { declaration: island.layout.declaration, mark: { ...reached, occurrences } };
    },
  });
  if (before) declare(before.declaration, before.mark?.occurrences);
  const listener = await options.listen((octets) => receiver.receive(octets));
  return {
    data,
    contribution: () =>
      declaredEntities({
        runtime,
        declaration: layout()?.declaration,
        online: quiet.sinceMs === undefined && !isFirst,
      }),
    health: () =>
      islandHealth({
        address,
        isAuthenticated: key !== undefined,
        layout: layout(),
        session: receiver.mark?.session,
        silentSinceMs: quiet.sinceMs,
        counts: receiver.counts,
        transport: listener,
        problem: receiver.problem,
        refusedSession: receiver.refusedSession,
      }),
    hasBlockingPort: () => layout()?.ports.some(({ port }) => port.blocks_motion === true) ?? false,
    close: async () => {
      await listener.close();
      quiet.close();
      silent?.close();
      island?.levels?.close();
      await mark.close();
      leave?.();
    },
  };
}

/** A state that may have been received before must not heal a fault: its `passed` becomes `untested`. */
function unhealing(fault: ReceivedFault): ReceivedFault {
  return fault.result === 'passed' ? { ...fault, result: 'untested' } : fault;
}
