import type { CampaignOutcome, CampaignWork, RobotReply } from '@medkit/fleet';
import { type SendOptions, sendToRobot } from '../send-to-robot.ts';

/**
 * Sends the requests of a campaign to a robot, one after the other until a reply is a refusal. Each change has the key that it
 * had before: a robot that has executed it answers the same again.
 */
export async function sendCalls(options: SendOptions, work: CampaignWork): Promise<CampaignOutcome> {
  const session = options.sessions.get(work.robot);
  if (!session) return 'cut';
  const { campaign, createdBy, permission } = work;
  const replies: RobotReply[] = [];
  for (const call of work.calls) {
    const request = { call, by: createdBy, permission, clientId: `hub:campaign:${campaign}` };
    const reply = await sendToRobot(options, session, request);
    if (!reply) return 'cut';
    replies.push(reply);
    if (reply.status < 200 || reply.status >= 300) break;
  }
  return replies;
}
