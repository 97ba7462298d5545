import type { Client } from '@medkit/client';
import type { UpdateStatus } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { complain } from '../command/print-error.ts';
import { goesOn, stopSignal } from '../command/stop-signal.ts';
import { patientReader } from '../remote/retrying-reader.ts';
import { progressLine } from '../terminal/progress-line.ts';

const LOOK_EVERY_MS = 500;

/**
 * Polls an update until it is completed or failed, also across a restart of the gateway by the update. Ctrl-C stops polling, not the
 * update.
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

/** Prints the result and returns the exit code. */
export function told(id: string, status: UpdateStatus): ExitCode {
  if (status.status === 'completed') {
    console.log(`${id}: ${statusInWords(status)}`);
    return ExitCode.ok;
  }
  complain(`${id}: ${statusInWords(status)}`);
  return status.status === 'failed' ? ExitCode.endedBadly : ExitCode.ok;
}

/** `executing, 40 %`, or the reason of a failure: the status of an update as text. */
export function statusInWords({ status, progress, error, 'x-medkit': { phase } }: UpdateStatus): string {
  if (status === 'failed') return error ?? 'failed';
  const share = progress === undefined || status !== 'inProgress' ? '' : `, ${progress} %`;
  return `${status === 'pending' ? 'waiting, ' : ''}${phase}${share}`;
}
