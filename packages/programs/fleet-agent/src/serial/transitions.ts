import type { SerialAction, SerialState, Step, StepContext } from './serial-state.ts';

/** Keeps the standing without actions. */
export const stays = (standing: SerialState): Step => ({ standing, actions: [] });

/** Resets what depends on the connection. */
export function unconnected({
  openedMs: _opened,
  dueMs: _due,
  lastConnectionMessage: _word,
  said: _said,
  ...rest
}: SerialState): SerialState {
  return rest;
}

/** Starts listening with a new connection. */
export function listen(standing: SerialState, { name }: StepContext, reason?: string): Step {
  const listening = reason === undefined ? '' : `${reason}: `;
  return {
    standing: {
      ...unconnected(standing),
      role: 'listening',
      resumes: false,
      isYielding: false,
      reason: `${listening}listening for another client of ${name}`,
    },
    actions: [...withdrawal(standing), { do: 'listen' }],
  };
}

/** Opens the connection of the client of the serial number. */
export function claim(standing: SerialState, { name }: StepContext): Step {
  return {
    standing: {
      ...unconnected(standing),
      role: 'claiming',
      reason: `received no message of another client of ${name}`,
    },
    actions: [{ do: 'claim' }],
  };
}

/** Handles a broken connection, which reopens automatically. */
export function reconnect(standing: SerialState, { name }: StepContext): Step {
  const reason = `the connection to the broker was lost: checking whether ${name} has another client now`;
  return stays({ ...unconnected(standing), role: 'claiming', resumes: true, reason });
}

/** Stops publishing permanently and disconnects from the broker. */
export function leave(standing: SerialState, reason: string): Step {
  return {
    standing: { ...unconnected(standing), role: 'feed', isYielding: false, resumes: false, reason },
    actions: [...withdrawal(standing), { do: 'leave' }],
  };
}

/** Stops publishing while another client publishes, and listens until that client is silent. */
export function yieldTo(standing: SerialState, reason: string): Step {
  return {
    standing: { ...unconnected(standing), role: 'feed', isYielding: true, takesOver: false, resumes: false, reason },
    actions: [...withdrawal(standing), { do: 'listen' }],
  };
}

/** Yields as the previous client. Later processes also start as yielding. */
export function cede(standing: SerialState, reason: string): Step {
  const yielded = yieldTo(standing, reason);
  return { ...yielded, actions: [{ do: 'cede', reason }, ...yielded.actions] };
}

/** Publishes a state on the topic `connection`. */
export function say(standing: SerialState, { nowMs }: StepContext, state: 'ONLINE' | 'OFFLINE'): Step {
  const unreturned = (standing.said?.unreturned ?? 0) + 1;
  return { standing: { ...standing, said: { state, atMs: nowMs, unreturned } }, actions: [{ do: 'say', state }] };
}

/** Withdraws the own ONLINE if it is the last message at the broker. A later one of another client stays. */
function withdrawal({ said, lastConnectionMessage }: SerialState): readonly SerialAction[] {
  if (said?.state !== 'ONLINE') return [];
  // Own messages that were not returned yet follow all received messages.
  const isLast = said.unreturned > 0 || lastConnectionMessage?.isFromSelf === true;
  return isLast ? [{ do: 'say', state: 'OFFLINE' }] : [];
}
