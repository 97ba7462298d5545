import type { Timer } from '@medkit/edges';
import { ANSWER_TIMEOUT_MS, KEEP_ALIVE_MS, SILENCE_MS } from './bounds.ts';
import { PlcRefused } from './plc-error.ts';
import type { Publishing } from './publishing.ts';
import { ATTRIBUTES, readAttributes } from './readings.ts';
import type { SessionChannel } from './session-channel.ts';

/** The state of a server (OPC 10000-5, 12.6), which it answers without having to look for it. */
const SERVER_STATE = 'i=2259';

/**
 * Asks a server that is silent whether it is there, and ends the session where it does not answer: a server whose cable was
 * pulled sends nothing that would tell, and TCP alone notices after minutes.
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
    // Where this process itself stood still, the answers wait in its buffers: they are taken before anybody is judged.
    if (nowMs - formerMs > 2 * KEEP_ALIVE_MS) {
      forgivenMs = nowMs;
      publishing.forgive(nowMs);
    }
    formerMs = nowMs;
    const silentMs = nowMs - Math.max(channel.lastHeardMs, forgivenMs);
    if (silentMs >= SILENCE_MS)
      return void channel.fail(new Error(`the server has not answered for ${(silentMs / 1000).toFixed(1)} s`));
    const problem = publishing.silenceAt(nowMs);
    if (problem !== undefined) return void channel.fail(new Error(problem));
    if (isAsking) return;
    isAsking = true;
    readAttributes(session, [{ nodeId: SERVER_STATE, attribute: ATTRIBUTES.value }])
      .then(checkNamespaces)
      .catch((error: Error) => {
        // It answered, be it that it does not tell; a question without an answer is one that silence ends, or its own time.
        if (!(error instanceof PlcRefused))
          channel.fail(new Error(`no answer to a question within ${ANSWER_TIMEOUT_MS / 1000} s`));
      })
      .finally(() => {
        isAsking = false;
      });
  });
}
