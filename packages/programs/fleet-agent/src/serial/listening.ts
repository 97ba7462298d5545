import { otherClient, withWord } from './evidence.ts';
import { listeningMs, type SerialEvent, type SerialMoment, type Standing, type Step } from './serial-state.ts';
import { claim, stays, yieldTo } from './transitions.ts';

/** Step of a listening agent. It evaluates ONLINE at the end: another claiming agent may still withdraw it. */
export function listeningStep(standing: Standing, event: SerialEvent, moment: SerialMoment): Step {
  switch (event.is) {
    case 'opened':
      return stays({ ...standing, openedMs: moment.nowMs, dueMs: moment.nowMs + listeningMs(moment) });
    case 'lost': {
      const { openedMs: _opened, dueMs: _due, lastWord: _word, ...rest } = standing;
      return stays(rest);
    }
    case 'heard': {
      const { message } = event;
      if (message.topic === 'connection') return stays(withWord(standing, message, moment));
      const other = otherClient(message, standing, moment);
      return other !== undefined && hasSettled(standing, moment) ? yieldTo(standing, other) : stays(standing);
    }
    default:
      return hasHeardAll(standing, moment) ? judged(standing, moment) : stays(standing);
  }
}

/** Returns whether `settleMs` has passed: by then, delayed messages of a killed own process have arrived. */
function hasSettled({ openedMs }: Standing, moment: SerialMoment): boolean {
  return openedMs !== undefined && moment.nowMs >= openedMs + moment.settleMs;
}

function hasHeardAll({ dueMs, isAble }: Standing, { nowMs }: SerialMoment): boolean {
  return dueMs !== undefined && nowMs >= dueMs && isAble;
}

function judged(standing: Standing, moment: SerialMoment): Step {
  const { lastWord } = standing;
  const other = lastWord && otherClient(lastWord, standing, moment);
  return other === undefined ? claim(standing, moment) : yieldTo(standing, other);
}
