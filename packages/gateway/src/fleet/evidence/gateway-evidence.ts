import { join, resolve } from 'node:path';
import type { Blobs } from '@medkit/blobs';
import { errorMessage, type Log, type RuntimeHealth } from '@medkit/core';
import type { Fleet } from '@medkit/fleet';
import { isRedirecting, type OpenBlobsOptions } from '../blobs/open-blobs.ts';
import { refreshState } from '../follow-robot.ts';
import type { RobotSessions } from '../robot-sessions.ts';
import { type EvidenceStore, evidenceStore } from './evidence-store.ts';
import { partFiles } from './part-files.ts';
import { transferRunner } from './transfer-runner.ts';

/** Interval of retention, and of the comparison of store and record, which reads the list of all files. */
const [TIDY_MS, COMPARE_MS] = [3_600_000, 86_400_000];

/** The evidence of a hub. */
export interface GatewayEvidence {
  readonly store: EvidenceStore;
  /** Looks for transfers: call it when a robot connects, or a person has requested one. */
  look(): void;
  health(): { readonly warnings: RuntimeHealth['warnings']; readonly figures: Readonly<Record<string, unknown>> };
  close(): Promise<void>;
}

export interface GatewayEvidenceOptions extends OpenBlobsOptions {
  readonly blobs: Blobs;
  readonly log: Log;
  readonly fleet: Pick<Fleet, 'evidence' | 'onChange' | 'storeState'>;
  readonly sessions: RobotSessions;
}

/** Opens the evidence of a hub: judges what robots report, fetches what rules and persons request, and removes it again. */
export function gatewayEvidence(options: GatewayEvidenceOptions): GatewayEvidence {
  const { blobs, config, files, clock, log, fleet, sessions } = options;
  const { evidence } = fleet;
  const store = evidenceStore({
    ...{ blobs, isRedirecting: isRedirecting(config, log), record: evidence, clock, log },
  });
  const parts = partFiles(join(resolve(config.data_dir), 'evidence-parts'), files);
  const runner = transferRunner({
    ...{ evidence, sessions, store, parts, clock, log },
    refreshState: (session) => refreshState(session, fleet, clock),
  });
  /** Robots whose evidence is being judged; true if they reported more meanwhile. */
  const judging = new Map<string, boolean>();

  const reporting = (what: string, work: () => Promise<unknown>): Promise<unknown> =>
    work().catch((error: unknown) => log('error', `the fleet hub cannot ${what}: ${errorMessage(error)}`));
  const judge = async (robot: string): Promise<void> => {
    if (judging.has(robot)) return void judging.set(robot, true);
    do {
      judging.set(robot, false);
      await reporting(`judge the evidence of ${robot}`, () => evidence.judge(robot));
    } while (judging.get(robot));
    judging.delete(robot);
    runner.look();
  };
  const tidy = async (): Promise<void> => {
    await evidence.transfers.releaseReservations();
    await store.remove(await evidence.files.expire());
    const unused = await evidence.transfers.ended(await parts.ids());
    for (const id of unused) await parts.remove(id);
  };
  const timers = [
    clock.every(TIDY_MS, () => void reporting('end the retention of evidence', tidy)),
    clock.every(COMPARE_MS, () => void reporting('compare the store of evidence with its record', store.compare)),
  ];
  const stopListening = fleet.onChange(({ robot, topic }) => {
    if (topic === 'evidence') void judge(robot);
  });
  return {
    store,
    look: runner.look,
    health: () => ({
      warnings: store.problem === undefined ? [] : [{ code: 'evidence_store', message: store.problem }],
      figures: { place: store.place, transfers: runner.running },
    }),
    close: async () => {
      stopListening();
      for (const timer of timers) timer.cancel();
      await runner.close();
    },
  };
}
