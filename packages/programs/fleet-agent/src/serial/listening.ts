import { otherClient, withConnectionMessage } from './evidence.ts';
import { listeningMs, type SerialEvent, type SerialState, type Step, type StepContext } from './serial-state.ts';
import { claim, stays, yieldTo } from './transitions.ts';

/** Step of a listening agent. It evaluates ONLINE at the end: another claiming agent may still withdraw it. */
export function listeningStep(standing: SerialState, event: SerialEvent, moment: StepContext): Step {
  switch (event.is) {
    case 'opened':
      return stays({ ...standing, openedMs: moment.nowMs, dueMs: moment.nowMs + listeningMs(moment) });
    case 'lost': {
      const { openedMs: _opened, dueMs: _due, lastConnectionMessage: _word, ...rest } = standing;
      return stays(rest);
    }
    case 'heard': {
      const { message } = event;
      if (message.topic === 'connection') return stays(withConnectionMessage(standing, message, moment));
      const other = otherClient(message, standing, moment);
      return other !== undefined && hasSettled(standing, moment) ? yieldTo(standing, other) : stays(standing);
    }
    default:
      return isListeningOver(standing, moment) ? judged(standing, moment) : stays(standing);
  }
}

/** Returns whether `settleMs` has passed: by then, delayed messages of a killed own process have arrived. */
function hasSettled({ openedMs }: SerialState, moment: StepContext): boolean {
  return openedMs !== undefined && moment.nowMs >= openedMs + moment.settleMs;
}

function isListeningOver({ dueMs, isAvailable }: SerialState, { nowMs }: StepContext): boolean {
  return dueMs !== undefined && nowMs >= dueMs && isAvailable;
}

function judged(standing: SerialState, moment: StepContext): Step {
  const { lastConnectionMessage } = standing;
  const other = lastConnectionMessage && otherClient(lastConnectionMessage, standing, moment);
  return other === undefined ? claim(standing, moment) : yieldTo(standing, other);
}
