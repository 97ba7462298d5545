import type { Clock } from '@medkit/edges';
import type { Protocol } from '@medkit/vda5050';
import type { InstantActionTracker } from '../orders/instant-action-tracker.ts';
import type { RobotPicture } from '../picture/robot-picture.ts';
import { isComplete, stateMessage } from '../state/state-message.ts';
import { urgentFields } from '../state/state-priority.ts';
import { truncateState } from '../state/truncate-state.ts';
import type { BrokerLink } from './broker-link.ts';
import type { MessageIdentity } from './message-identity.ts';
import { type StateOutlet, stateOutlet } from './state-outlet.ts';

export interface StatePublisherOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly protocol: Protocol;
  readonly identity: MessageIdentity;
  readonly link: BrokerLink;
  picture(): RobotPicture | undefined;
  tracker(): InstantActionTracker;
}

/** Counts of states, for health. */
export interface StateCounts {
  readonly sent: number;
  /** ISO 8601, UTC. */
  readonly last_sent?: string;
  /** Errors that did not fit into the last state. */
  readonly left_out: number;
  /** States that were not sent, or not returned by the broker in time. */
  readonly failed: number;
  readonly last_failure?: string;
}

export interface StatePublisher extends StateOutlet {
  readonly counts: StateCounts;
  /** Text of the last sent state. */
  readonly last: string | undefined;
}

/** Sends the states of a robot to the broker, and counts them. */
export function statePublisher(options: StatePublisherOptions): StatePublisher {
  const { clock, intervalMs, protocol, identity, link, picture, tracker } = options;
  let counts: StateCounts = { sent: 0, left_out: 0, failed: 0 };
  let last: string | undefined;

  const outlet = stateOutlet({
    clock,
    intervalMs,
    compose() {
      const now = picture();
      if (!isComplete(now)) return undefined;
      const state = stateMessage(now, tracker());
      const encode = () =>
        identity.message('state', (header, topic) => {
          const room = { topic, maxPacketBytes: link.maxPacketBytes };
          const { text, leftOut } = truncateState(protocol, header, state, room);
          counts = { ...counts, left_out: leftOut };
          return text;
        });
      return { urgent: urgentFields(state), encode };
    },
    async publish({ topic, text }) {
      await link.publish(topic, text, { qos: 0, retain: false });
      last = text;
      counts = { ...counts, sent: counts.sent + 1, last_sent: new Date(clock.wallMs()).toISOString() };
    },
    onFailed(reason) {
      counts = { ...counts, failed: counts.failed + 1, last_failure: reason };
    },
  });

  return {
    ...outlet,
    get counts() {
      return counts;
    },
    get last() {
      return last;
    },
  };
}
