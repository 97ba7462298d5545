import type { Client } from '@medkit/client';
import type { UpdateStatus } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { printError } from '../command/print-error.ts';
import { stopSignal, waitUnlessAborted } from '../command/stop-signal.ts';
import { retryingReader } from '../remote/retrying-reader.ts';
import { progressLine } from '../terminal/progress-line.ts';

const LOOK_EVERY_MS = 500;

/**
 * Polls an update until it is completed or failed, also across a restart of the gateway by the update. Ctrl-C stops polling, not the
 * update.
 */
export async function followUpdate(client: Client, id: string, wait = waitUnlessAborted): Promise<UpdateStatus> {
  const signal = stopSignal();
  const progress = progressLine();
  const path = { update_id: id };
  const look = retryingReader(client.url, () => client.call('getUpdateStatus', { path, signal }), signal);
  try {
    for (;;) {
      const status = await look();
      if (status && (status.status === 'completed' || status.status === 'failed')) return status;
      if (status) progress.show(`${id}: ${formatStatus(status)}`);
      if (!(await wait(LOOK_EVERY_MS, signal))) return status ?? { status: 'pending', 'x-medkit': { phase: 'none' } };
    }
  } finally {
    progress.clear();
  }
}

/** Prints the result and returns the exit code. */
export function printUpdateResult(id: string, status: UpdateStatus): ExitCode {
  if (status.status === 'completed') {
    console.log(`${id}: ${formatStatus(status)}`);
    return ExitCode.ok;
  }
  printError(`${id}: ${formatStatus(status)}`);
  return status.status === 'failed' ? ExitCode.endedBadly : ExitCode.ok;
}

/** `executing, 40 %`, or the reason of a failure: the status of an update as text. */
export function formatStatus({ status, progress, error, 'x-medkit': facts }: UpdateStatus): string {
  const { phase, confirm_remaining_sec: remainingSec } = facts;
  if (status === 'failed') return error ?? 'failed';
  if (typeof remainingSec === 'number') return `${phase}, waits for \`medkit update confirm\`, ${remainingSec} s left`;
  const share = progress === undefined || status !== 'inProgress' ? '' : `, ${progress} %`;
  return `${status === 'pending' ? 'waiting, ' : ''}${phase}${share}`;
}
