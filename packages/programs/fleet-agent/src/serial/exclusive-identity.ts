import { otherClient, withWord } from './evidence.ts';
import type { SerialEvent, SerialMoment, Standing, Step } from './serial-state.ts';
import { cede, reconnect, say, stays } from './transitions.ts';

/** Minimum interval for repeating an overwritten message; the will of an own process overwrites it only once. */
const REPEAT_MS = 1000;

/** Step of the client of the serial number. */
export function soleStep(standing: Standing, event: SerialEvent, moment: SerialMoment): Step {
  switch (event.is) {
    case 'lost':
      return reconnect(standing, moment);
    case 'heard': {
      const other = otherClient(event.message, standing, moment);
      const next = withWord(standing, event.message, moment);
      return other === undefined ? corrected(next, moment) : cede(next, other);
    }
    case 'able':
      return say(standing, moment, event.isAble ? 'ONLINE' : 'OFFLINE');
    default:
      return corrected(standing, moment);
  }
}

/** Repeats the retained message if another one replaced it, such as the will of an old connection. */
function corrected(standing: Standing, moment: SerialMoment): Step {
  const { dueMs: _due, ...next } = standing;
  const { said, lastWord } = next;
  const isRight = lastWord?.isOwn === true && lastWord.connection === 'ONLINE';
  if (said?.state !== 'ONLINE' || said.unheard > 0 || isRight) return stays(next);
  const repeatMs = said.atMs + REPEAT_MS;
  return moment.nowMs < repeatMs ? stays({ ...next, dueMs: repeatMs }) : say(next, moment, 'ONLINE');
}
