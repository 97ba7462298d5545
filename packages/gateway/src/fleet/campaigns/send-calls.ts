import type { Blobs } from '@medkit/blobs';
import { errorMessage } from '@medkit/core';
import { type ArchivePart, artifactKey, type CampaignOutcome, type CampaignWork, type RobotReply } from '@medkit/fleet';
import { type SendOptions, sendToRobot } from '../send-to-robot.ts';

export interface SendCallsOptions extends SendOptions {
  /** The artifacts of updates. */
  readonly blobs: Pick<Blobs, 'get'>;
}

/**
 * Sends the requests of a campaign to a robot, one after the other until a reply is a refusal. Each change has the key that it
 * had before: a robot that has executed it answers the same again.
 */
export async function sendCalls(options: SendCallsOptions, work: CampaignWork): Promise<CampaignOutcome> {
  const session = options.sessions.get(work.robot);
  if (!session) return 'cut';
  const { campaign, createdBy, permissions } = work;
  const replies: RobotReply[] = [];
  for (const call of work.calls) {
    const part = await partOf(options.blobs, call.archive).catch((error: unknown) => ({
      problem: `the hub cannot read the artifact: ${errorMessage(error)}`,
    }));
    if (part && 'problem' in part) return part;
    const request = { call, by: createdBy, permissions, clientId: `hub:campaign:${campaign}`, ...part };
    const reply = await sendToRobot(options, session, request);
    if (!reply) return 'cut';
    replies.push(reply);
    if (reply.status < 200 || reply.status >= 300) break;
  }
  return replies;
}

/** Reads a part of an archive; `undefined` if the call sends none. */
async function partOf(
  blobs: SendCallsOptions['blobs'],
  archive: ArchivePart | undefined,
): Promise<{ readonly bytes: Uint8Array } | undefined> {
  if (!archive?.range) return undefined;
  const { sha256, range } = archive;
  const size = range.last + 1 - range.first;
  const chunks: Uint8Array[] = [];
  for await (const chunk of await blobs.get(artifactKey(sha256), range)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (bytes.length !== size) throw new Error(`it has ${bytes.length} of ${size} bytes after byte ${range.first}`);
  return { bytes };
}
