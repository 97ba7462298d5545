import type { Timer } from '@medkit/edges';
import { ANSWER_TIMEOUT_MS, KEEP_ALIVE_MS, SILENCE_MS } from '../bounds.ts';
import type { SessionChannel } from '../channel/session-channel.ts';
import { PlcRefused } from '../plc-error.ts';
import { ATTRIBUTES, readAttributes } from '../services/readings.ts';
import type { Publishing } from './publishing.ts';

/** The state of a server (OPC 10000-5, 12.6), which it can return without effort. */
const SERVER_STATE = 'i=2259';

/**
 * Sends keep-alive requests to a silent server, and ends the session if it does not answer. A server whose cable was
 * unplugged sends nothing, and TCP alone detects that only after minutes.
 */
export function keepAlive(
  session: SessionChannel,
  publishing: Publishing,
  checkNamespaces: () => Promise<void>,
): Timer {
  const { clock, channel } = session;
  let isAsking = false;
  let formerMs = clock.monotonicMs();
  let forgivenMs = formerMs;
  return clock.every(KEEP_ALIVE_MS, () => {
    const nowMs = clock.monotonicMs();
    // If this process was suspended, answers are still in its buffers: they are read before the server counts as
    // silent.
    if (nowMs - formerMs > 2 * KEEP_ALIVE_MS) {
      forgivenMs = nowMs;
      publishing.forgive(nowMs);
    }
    formerMs = nowMs;
    const silentMs = nowMs - Math.max(channel.lastReceivedMs, forgivenMs);
    if (silentMs >= SILENCE_MS)
      return void channel.fail(new Error(`the server has not answered for ${(silentMs / 1000).toFixed(1)} s`));
    const problem = publishing.silenceAt(nowMs);
    if (problem !== undefined) return void channel.fail(new Error(problem));
    if (isAsking) return;
    isAsking = true;
    readAttributes(session, [{ nodeId: SERVER_STATE, attribute: ATTRIBUTES.value }])
      .then(checkNamespaces)
      .catch((error: Error) => {
        // A refusal is an answer; for a missing answer, the silence limit or the timeout applies.
        if (!(error instanceof PlcRefused))
          channel.fail(new Error(`no answer to a request within ${ANSWER_TIMEOUT_MS / 1000} s`));
      })
      .finally(() => {
        isAsking = false;
      });
  });
}
