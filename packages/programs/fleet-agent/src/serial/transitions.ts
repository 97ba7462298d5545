import type { SerialAction, SerialMoment, Standing, Step } from './standing.ts';

/** The same standing: nothing is to be done. */
export const stays = (standing: Standing): Step => ({ standing, actions: [] });

/** Nothing of the connection before counts for the next one. */
export function unconnected({
  openedMs: _opened,
  dueMs: _due,
  lastWord: _word,
  said: _said,
  ...rest
}: Standing): Standing {
  return rest;
}

/** Begins to listen, with a connection of its own. */
export function listen(standing: Standing, { name }: SerialMoment, why?: string): Step {
  const listening = why === undefined ? '' : `${why}: `;
  return {
    standing: {
      ...unconnected(standing),
      role: 'listening',
      resumes: false,
      isYielding: false,
      why: `${listening}listening for another client of ${name}`,
    },
    actions: [...withdrawal(standing), { do: 'listen' }],
  };
}

/** Opens the connection that the serial number's client has. */
export function claim(standing: Standing, { name }: SerialMoment): Step {
  return {
    standing: { ...unconnected(standing), role: 'claiming', why: `no other client of ${name} was heard` },
    actions: [{ do: 'claim' }],
  };
}

/** The connection has broken: it opens again by itself. */
export function reconnect(standing: Standing, { name }: SerialMoment): Step {
  const why = `the connection to the broker was lost: it is to be heard whether ${name} has another client by now`;
  return stays({ ...unconnected(standing), role: 'claiming', resumes: true, why });
}

/** Sends nothing to the fleet from now on, and leaves the broker. */
export function leave(standing: Standing, why: string): Step {
  return {
    standing: { ...unconnected(standing), role: 'feed', isYielding: false, resumes: false, why },
    actions: [...withdrawal(standing), { do: 'leave' }],
  };
}

/** Sends nothing to the fleet while another client speaks, and listens until that is silent. */
export function yieldTo(standing: Standing, why: string): Step {
  return {
    standing: { ...unconnected(standing), role: 'feed', isYielding: true, takesOver: false, resumes: false, why },
    actions: [...withdrawal(standing), { do: 'listen' }],
  };
}

/** The same for an agent that was the client. Later processes begin as one that yielded. */
export function cede(standing: Standing, why: string): Step {
  const yielded = yieldTo(standing, why);
  return { ...yielded, actions: [{ do: 'cede', why }, ...yielded.actions] };
}

/** Says a word on the topic `connection`. */
export function say(standing: Standing, { nowMs }: SerialMoment, state: 'ONLINE' | 'OFFLINE'): Step {
  const unheard = (standing.said?.unheard ?? 0) + 1;
  return { standing: { ...standing, said: { state, atMs: nowMs, unheard } }, actions: [{ do: 'say', state }] };
}

/** Takes an ONLINE back that is the last word at the broker. That of another client, if it came later, stays. */
export function withdrawal({ said, lastWord }: Standing): readonly SerialAction[] {
  if (said?.state !== 'ONLINE') return [];
  // What we have said and not heard yet comes behind all that was heard.
  const isLast = said.unheard > 0 || lastWord?.isOwn === true;
  return isLast ? [{ do: 'say', state: 'OFFLINE' }] : [];
}
