import { otherClient, withConnectionMessage } from './evidence.ts';
import type { SerialEvent, SerialState, Step, StepContext } from './serial-state.ts';
import { cede, reconnect, say, stays } from './transitions.ts';

/** Minimum interval for repeating an overwritten message; the will of an own process overwrites it only once. */
const REPEAT_MS = 1000;

/** Step of the client of the serial number. */
export function exclusiveStep(standing: SerialState, event: SerialEvent, moment: StepContext): Step {
  switch (event.is) {
    case 'lost':
      return reconnect(standing, moment);
    case 'heard': {
      const other = otherClient(event.message, standing, moment);
      const next = withConnectionMessage(standing, event.message, moment);
      return other === undefined ? corrected(next, moment) : cede(next, other);
    }
    case 'able':
      return say(standing, moment, event.isAvailable ? 'ONLINE' : 'OFFLINE');
    default:
      return corrected(standing, moment);
  }
}

/** Repeats the retained message if another one replaced it, such as the will of an old connection. */
function corrected(standing: SerialState, moment: StepContext): Step {
  const { dueMs: _due, ...next } = standing;
  const { said, lastConnectionMessage } = next;
  const isRight = lastConnectionMessage?.isFromSelf === true && lastConnectionMessage.connection === 'ONLINE';
  if (said?.state !== 'ONLINE' || said.unreturned > 0 || isRight) return stays(next);
  const repeatMs = said.atMs + REPEAT_MS;
  return moment.nowMs < repeatMs ? stays({ ...next, dueMs: repeatMs }) : say(next, moment, 'ONLINE');
}
