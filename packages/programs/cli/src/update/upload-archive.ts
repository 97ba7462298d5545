import { type Client, GatewayRefused, GatewayUnreachable } from '@medkit/client';
import type { UpdateArtifact } from '@medkit/contract';
import type { ArtifactTar } from '@medkit/updates/artifact';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { stopSignal, waitUnlessAborted } from '../command/stop-signal.ts';
import { reportOutage } from '../remote/reconnecting.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { sendArtifact } from './send-artifact.ts';

/** A request with a part of an archive, or a query without one. */
export interface PartRequest {
  readonly query: { readonly sha256: string };
  readonly headers: { readonly 'Content-Range': string };
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/**
 * Sends an archive, and shows the progress. If the connection breaks, waits for the gateway and continues. Throws
 * `CommandFailed` if the user stops it.
 */
export async function uploadArchive(
  client: Pick<Client, 'url'>,
  tar: ArtifactTar,
  request: (part: PartRequest) => Promise<UpdateArtifact>,
): Promise<UpdateArtifact> {
  const signal = stopSignal();
  const progress = progressLine();
  /** Whether the last request was answered; undefined before the first one, which must be. */
  let isAnswered: boolean | undefined;
  try {
    const artifact = await sendArtifact(tar, {
      send: async (range, body) => {
        const part = { query: { sha256: tar.sha256 }, headers: { 'Content-Range': range }, signal };
        const reply = await request({ ...part, ...(body && { body }) });
        isAnswered = true;
        return reply;
      },
      nowMs: () => performance.now(),
      wait: (ms) => waitUnlessAborted(ms, signal),
      onProgress: ({ received }) => progress.show(`${tar.id}: ${Math.floor((100 * received) / tar.size)} %`),
      onFailure: (error) => {
        if (signal.aborted) return;
        if (isAnswered === undefined || !isTemporary(error)) throw error;
        if (isAnswered) reportOutage(client.url, error);
        isAnswered = false;
      },
    });
    if (artifact !== undefined) return artifact;
  } finally {
    progress.clear();
  }
  throw new CommandFailed(`${tar.id}: not complete; the same command continues within a day`, ExitCode.endedBadly);
}

/** Errors after which the transfer continues: the robot or hub is away, or it asks for the request later or from another byte. */
const TEMPORARY: ReadonlySet<string> = new Set([
  'not-responding',
  'service-unavailable',
  'rate-limit-exceeded',
  'x-medkit-gateway-shutdown',
  'x-medkit-outcome-unknown',
  'x-medkit-peer-unavailable',
  'x-medkit-range-not-satisfiable',
  'x-medkit-update-in-progress',
]);

function isTemporary(error: unknown): boolean {
  if (error instanceof GatewayRefused) return error.status === 408 || TEMPORARY.has(error.code);
  return error instanceof GatewayUnreachable;
}
