import type { Client } from '@medkit/client';
import type { UpdateStatus } from '@medkit/contract';
import { complain } from '../command/complain.ts';
import { ExitCode } from '../command/exit-code.ts';
import { goesOn, stopSignal } from '../command/stop-signal.ts';
import { patientReader } from '../remote/patient-reader.ts';
import { progressLine } from '../terminal/progress-line.ts';

const LOOK_EVERY_MS = 500;

/**
 * Follows an update until nothing is done with it any more, over a restart of the gateway that the update may bring. Ctrl-C ends
 * the watching; the robot goes on.
 */
export async function followUpdate(client: Client, id: string, wait = goesOn): Promise<UpdateStatus> {
  const signal = stopSignal();
  const progress = progressLine();
  const path = { update_id: id };
  const look = patientReader(client.url, () => client.call('getUpdateStatus', { path, signal }), signal);
  try {
    for (;;) {
      const status = await look();
      if (status && (status.status === 'completed' || status.status === 'failed')) return status;
      if (status) progress.show(`${id}: ${statusInWords(status)}`);
      if (!(await wait(LOOK_EVERY_MS, signal))) return status ?? { status: 'pending', 'x-medkit': { phase: 'none' } };
    }
  } finally {
    progress.clear();
  }
}

/** Tells how it ended, and gives the exit code. */
export function told(id: string, status: UpdateStatus): ExitCode {
  if (status.status === 'completed') {
    console.log(`${id}: ${statusInWords(status)}`);
    return ExitCode.ok;
  }
  complain(`${id}: ${statusInWords(status)}`);
  return status.status === 'failed' ? ExitCode.endedBadly : ExitCode.ok;
}

/** `executing, 40 %`, or why it failed: how an update stands, for a person. */
export function statusInWords({ status, progress, error, 'x-medkit': { phase } }: UpdateStatus): string {
  if (status === 'failed') return error ?? 'failed';
  const share = progress === undefined || status !== 'inProgress' ? '' : `, ${progress} %`;
  return `${status === 'pending' ? 'waiting, ' : ''}${phase}${share}`;
}
