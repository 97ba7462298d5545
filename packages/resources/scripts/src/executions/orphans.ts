import { errorMessage, type Log } from '@medkit/core';
import type { Clock, ProcessIdentity, Programs } from '@medkit/edges';
import { GRACE_MS } from './script-run.ts';

/** Interval of checking whether a terminated script has ended. */
const LOOK_MS = 50;

export interface Orphan {
  /** For the log: `apps/lidar_driver/check exec_003`. */
  readonly what: string;
  readonly process: ProcessIdentity;
}

/**
 * Ends the processes of scripts that a killed gateway left: with SIGTERM, then SIGKILL. Resolves when all have ended.
 */
export async function endOrphans(
  orphans: readonly Orphan[],
  { programs, clock, log }: { readonly programs: Programs; readonly clock: Clock; readonly log: Log },
): Promise<void> {
  await Promise.all(
    orphans.map(async ({ what, process }) => {
      try {
        if ((await programs.signalLeftOver(process, 'SIGTERM')) === 'gone') return;
        const untilMs = clock.monotonicMs() + GRACE_MS;
        log('warn', `${what} was still running after a restart of the gateway: it is ended`);
        while (clock.monotonicMs() < untilMs) {
          await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
          if ((await programs.signalLeftOver(process, 'SIGTERM')) === 'gone') return;
        }
        const killed = await programs.signalLeftOver(process, 'SIGKILL');
        if (killed === 'denied')
          log('error', `${what} (process ${process.processId}) cannot be ended, because this user has no permission`);
      } catch (error) {
        log('error', `${what} could not be ended: ${errorMessage(error)}`);
      }
    }),
  );
}
