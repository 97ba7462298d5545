import { otherClient } from './evidence.ts';
import { type SerialEvent, type SerialState, type Step, type StepContext, silenceMs } from './serial-state.ts';
import { listen, stays } from './transitions.ts';

/**
 * Step of an agent while another client publishes. One message causes the agent to yield, and any client of the broker could
 * forge it. So the agent keeps listening, and returns after a silence that no conforming client has. It then ignores a
 * retained ONLINE, because its client has sent no state.
 */
export function yieldingStep(standing: SerialState, event: SerialEvent, moment: StepContext): Step {
  const { openedMs, dueMs } = standing;
  const dueAgain = moment.nowMs + silenceMs(moment);
  switch (event.is) {
    case 'opened':
      return stays({ ...standing, openedMs: moment.nowMs, dueMs: dueAgain });
    case 'lost': {
      const { openedMs: _opened, dueMs: _due, ...rest } = standing;
      return stays(rest);
    }
    case 'heard': {
      const isLive = !event.message.isRetained && otherClient(event.message, standing, moment) !== undefined;
      return stays(isLive && openedMs !== undefined ? { ...standing, dueMs: dueAgain } : standing);
    }
    default: {
      if (dueMs === undefined || moment.nowMs < dueMs) return stays(standing);
      const seconds = Math.round(silenceMs(moment) / 1000);
      const reason = `the other client of ${moment.name} was silent for ${seconds} s`;
      const back = listen({ ...standing, takesOver: true }, moment, reason);
      return { ...back, actions: [{ do: 'return' }, ...back.actions] };
    }
  }
}
