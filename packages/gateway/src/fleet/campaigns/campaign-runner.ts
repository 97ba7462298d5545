import { errorMessage, type Log } from '@medkit/core';
import type { CampaignOutcome, CampaignWork, Fleet, MayAct } from '@medkit/fleet';
import { workRunner } from '../work-runner.ts';
import { type SendCallsOptions, sendCalls } from './send-calls.ts';

/** Robots to which campaigns send requests at a time. */
const MAX_SENDING = 32;
/** Those of them that receive a part of an artifact. */
const MAX_TRANSFERRING = 16;

export interface CampaignRunnerOptions extends Omit<SendCallsOptions, 'signal'> {
  readonly fleet: Pick<Fleet, 'campaigns' | 'onChange'>;
  /** Returns why an account may not change a robot now. */
  readonly mayAct: MayAct;
  readonly log: Log;
}

/** Carries the campaigns of a hub on. `close` ends the requests under way: the next start sends them again, with their keys. */
export function campaignRunner(options: CampaignRunnerOptions): { close(): Promise<void> } {
  const { fleet, clock, log } = options;
  const { engine } = fleet.campaigns;
  return workRunner<CampaignWork>({
    ...{ fleet, clock, log, subject: 'its campaigns', maxRunning: MAX_SENDING },
    bulk: { is: ({ calls }) => calls[0]?.archive?.range !== undefined, maxRunning: MAX_TRANSFERRING },
    isCause: ({ topic }) => topic === 'campaigns' || topic === 'presence' || topic === 'events',
    look: () => engine.turn(),
    run: async (first, signal) => {
      let work: CampaignWork | undefined = first;
      try {
        while (work) {
          const outcome: CampaignOutcome =
            (await refusalOf(options.mayAct, work)) ?? (await sendCalls({ ...options, signal }, work));
          if (signal.aborted) return;
          work = await engine.settle(work, outcome);
        }
      } catch (error) {
        log(
          'error',
          `cannot store a reply of ${first.robot} to the campaign ${first.campaign}: ${errorMessage(error)}`,
        );
      }
    },
  });
}

/** Returns why the account of a campaign may not send requests that begin a change; `undefined` if it may. */
async function refusalOf(mayAct: MayAct, work: CampaignWork): Promise<CampaignOutcome | undefined> {
  if (!work.isChecked) return undefined;
  try {
    for (const permission of work.permissions) {
      const refusal = await mayAct(work.createdBy, work.robot, permission);
      if (refusal !== undefined) return { refusal };
    }
    return undefined;
  } catch (error) {
    return { problem: `the hub cannot read the permissions of ${work.createdBy}: ${errorMessage(error)}` };
  }
}
