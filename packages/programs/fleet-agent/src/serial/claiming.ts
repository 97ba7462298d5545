import { otherClient, withConnectionMessage } from './evidence.ts';
import type { ReceivedMessage, SerialEvent, SerialState, Step, StepContext } from './serial-state.ts';
import { cede, listen, reconnect, say, stays, unconnected } from './transitions.ts';

/** Maximum wait for the broker to return an own message. A broker that does not would hide other clients too. */
const ECHO_MS = 10_000;

/** Step of an agent that received no message of another client, or was `sole` before the connection broke. */
export function claimingStep(standing: SerialState, event: SerialEvent, moment: StepContext): Step {
  switch (event.is) {
    case 'opened':
      return stays({ ...standing, openedMs: moment.nowMs, dueMs: moment.nowMs + moment.settleMs });
    case 'lost':
      return standing.resumes
        ? reconnect(standing, moment)
        : listen(unconnected(standing), moment, 'the connection was lost');
    case 'heard':
      return messageStep(standing, event.message, moment);
    default:
      return timeStep(standing, moment);
  }
}

function messageStep(before: SerialState, message: ReceivedMessage, moment: StepContext): Step {
  const other = otherClient(message, before, moment);
  if (other === undefined) return timeStep(withConnectionMessage(before, message, moment), moment);
  const isContested = before.said !== undefined;
  const standing = withConnectionMessage(before, message, moment);
  // Of two agents that claim together, neither has sent a state: both listen again, for different times.
  return before.resumes && !isContested ? cede(standing, other) : listen(standing, moment, other);
}

function timeStep(standing: SerialState, moment: StepContext): Step {
  const { dueMs, isAvailable, said } = standing;
  const { nowMs } = moment;
  if (said === undefined) {
    if (dueMs === undefined || nowMs < dueMs || !isAvailable) return stays(standing);
    return announced(standing, moment);
  }
  if (said.unreturned > 0) {
    if (nowMs < said.atMs + ECHO_MS) return stays({ ...standing, dueMs: said.atMs + ECHO_MS });
    return listen(
      standing,
      moment,
      'the broker does not deliver the topics of the robot to this client: check its ACL',
    );
  }
  // After the own message, one of another agent that claimed at the same time may follow.
  const confirmedMs = (said.lastReturnedMs ?? said.atMs) + (standing.resumes ? 0 : moment.settleMs);
  if (nowMs < confirmedMs) return stays({ ...standing, dueMs: confirmedMs });
  const { dueMs: _over, ...rest } = standing;
  const reason = `sole client of ${moment.name}`;
  const next: SerialState = { ...rest, role: 'sole', resumes: false, takesOver: false, reason };
  return isAvailable ? stays(next) : say(next, moment, 'OFFLINE');
}

function announced(standing: SerialState, moment: StepContext): Step {
  const { standing: next, actions } = say(standing, moment, 'ONLINE');
  return { standing: { ...next, dueMs: moment.nowMs + ECHO_MS }, actions };
}
