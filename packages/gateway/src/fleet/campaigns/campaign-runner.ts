import { errorMessage, type Log } from '@medkit/core';
import type { Timer } from '@medkit/edges';
import type { CampaignWork, Fleet } from '@medkit/fleet';
import { type SendOptions, sendCalls } from './send-calls.ts';

/** Robots to which campaigns send requests at a time. */
const MAX_SENDING = 32;
/** Interval in which campaigns are judged, and robots are looked for that are due. */
const LOOK_MS = 5000;
/** Time from a change to the look that follows: other changes arrive with it. */
const SOON_MS = 100;
/** A look after a change waits for this many times the duration of the last one: a storm of faults must not use up the reader. */
const REST = 20;

export interface CampaignRunnerOptions extends Omit<SendOptions, 'signal'> {
  readonly fleet: Pick<Fleet, 'campaigns' | 'onChange'>;
  readonly log: Log;
}

/** Carries the campaigns of a hub on. `close` ends the requests under way: the next start sends them again, with their keys. */
export function campaignRunner(options: CampaignRunnerOptions): { close(): Promise<void> } {
  const { clock, log } = options;
  const { engine } = options.fleet.campaigns;
  const queue: CampaignWork[] = [];
  const sending = new Set<Promise<void>>();
  const closing = new AbortController();
  const { signal } = closing;
  let [isFailing, isAgain] = [false, false];
  let [looking, soon]: [Promise<void> | undefined, Timer | undefined] = [undefined, undefined];
  let restMs = 0;

  const run = async (first: CampaignWork): Promise<void> => {
    let work: CampaignWork | undefined = first;
    try {
      while (work) {
        const outcome = await sendCalls({ ...options, signal }, work);
        if (signal.aborted) return;
        work = await engine.settle(work, outcome);
      }
    } catch (error) {
      log('error', `cannot store a reply of ${first.robot} to the campaign ${first.campaign}: ${errorMessage(error)}`);
    }
  };
  const fill = (): void => {
    while (!signal.aborted && sending.size < MAX_SENDING && queue.length > 0) {
      const sent = run(queue.shift()!).finally(() => {
        sending.delete(sent);
        fill();
        lookSoon();
      });
      sending.add(sent);
    }
  };
  const look = (): void => {
    soon?.cancel();
    soon = undefined;
    isAgain = looking !== undefined;
    if (signal.aborted || isAgain) return;
    const beganMs = clock.monotonicMs();
    looking = engine
      .turn()
      .then(
        (work) => {
          queue.push(...work);
          isFailing = false;
        },
        (error: unknown) => {
          if (!isFailing)
            log('error', `the fleet hub cannot continue its campaigns, it retries: ${errorMessage(error)}`);
          isFailing = true;
        },
      )
      .finally(() => {
        looking = undefined;
        restMs = REST * (clock.monotonicMs() - beganMs);
        fill();
        if (isAgain) lookSoon();
      });
  };
  const lookSoon = (): void => {
    if (!signal.aborted) soon ??= clock.after(Math.max(SOON_MS, restMs), look);
  };
  const timer = clock.every(LOOK_MS, look);
  const stop = options.fleet.onChange(({ topic }) => {
    if (topic === 'campaigns' || topic === 'presence' || topic === 'events') lookSoon();
  });
  lookSoon();
  return {
    close: async () => {
      closing.abort();
      timer.cancel();
      soon?.cancel();
      stop();
      await looking;
      await Promise.all(sending);
    },
  };
}
