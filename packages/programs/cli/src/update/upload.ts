import { resolve } from 'node:path';
import { type Client, GatewayRefused, GatewayUnreachable } from '@medkit/client';
import type { UpdateArtifact } from '@medkit/contract';
import { systemFiles } from '@medkit/edges/node';
import { type ArtifactTar, artifactTar } from '@medkit/updates/artifact';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { stopSignal, waitUnlessAborted } from '../command/stop-signal.ts';
import { reportOutage } from '../remote/reconnecting.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { sendArtifact } from './send-artifact.ts';

/** `medkit update upload`: sends an artifact to the robot. */
export const uploadUpdate = remoteCommand({
  usage: 'update upload <folder>',
  about: [
    'Sends a folder that `update pack` created to updates.dir of the robot. If the connection breaks, waits for the robot and',
    'continues; after Ctrl-C, the same command continues within a day. Then install it with `update install`.',
    'Exit code: 0 if the artifact is complete on the robot.',
  ],
  examples: [
    ['update upload release', 'send a packed release'],
    ['update upload release --robot amr-17', 'send it through the fleet hub'],
  ],
  async run({ client, args: [folderArg = ''], json }) {
    const tar = await openTar(folderArg);
    const artifact = await upload(client, tar);
    if (artifact === undefined) {
      throw new CommandFailed(`${tar.id}: not complete; the same command continues within a day`, ExitCode.endedBadly);
    }
    if (json) console.log(JSON.stringify(artifact));
    else console.log(`${tar.id}: complete, ${tar.size} bytes. Next: medkit update install ${tar.id}`);
    return ExitCode.ok;
  },
});

async function openTar(folderArg: string): Promise<ArtifactTar> {
  const folder = await systemFiles.canonical(resolve(folderArg));
  if (folder === undefined) throw new CommandFailed(`cannot read ${folderArg}: no such folder`);
  try {
    return await artifactTar(folder, systemFiles);
  } catch (error) {
    throw new CommandFailed(`cannot upload ${folderArg}: ${(error as Error).message}`);
  }
}

/** Sends an archive, and shows the progress. Returns `undefined` if the user stops it. */
async function upload(client: Client, tar: ArtifactTar): Promise<UpdateArtifact | undefined> {
  const signal = stopSignal();
  const progress = progressLine();
  /** Whether the last request was answered; undefined before the first one, which must be. */
  let isAnswered: boolean | undefined;
  const request = { path: { update_id: tar.id }, query: { sha256: tar.sha256 }, signal };
  try {
    return await sendArtifact(tar, {
      send: async (range, bytes) => {
        const body = bytes && { body: bytes };
        const reply = await client.call('uploadUpdateArtifact', {
          ...request,
          ...body,
          headers: { 'Content-Range': range },
        });
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
  } finally {
    progress.clear();
  }
}

/** Errors after which the transfer continues: the robot is away, or it asks for the request later or from another byte. */
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
