import type { Incident } from '@medkit/contract';
import type { DeliveryState } from '../delivery-state/delivery-state.ts';
import { lineOf } from '../message/content.ts';
import type { NotificationKind } from '../message/notification.ts';
import type { Route } from '../receiver/receiver.ts';
import { earlier, type GateNow } from './gate.ts';

/** Input of a decision, besides the receiver and what it knows. */
export interface Situation {
  readonly incident: Incident;
  /** Whether the receiver is to be notified of the incident in its current state. */
  readonly concerned: boolean;
  readonly nowMs: number;
  /** Start of the current open period. */
  readonly openSinceMs: number;
  /** The incident is not reported earlier, because the fault that explains it may still arrive. */
  readonly settlesMs: number;
  /** The incident was over before it could be reported. */
  readonly isBrief: boolean;
  /** Returns whether the receiver may be alerted for a severity. */
  gate(severity: number): GateNow;
  /**
   * Interval at which an open incident is reported again, even if acknowledged; `undefined` if the receiver remembers
   * it.
   */
  readonly refreshMs: number | undefined;
}

export interface Decision {
  /** The notification to send now. */
  readonly send?: NotificationKind;
  /** What the receiver knows afterwards; absent if unchanged. */
  readonly delivery?: DeliveryState;
  /** Time of the next decision without a new event, milliseconds since the epoch. */
  readonly againMs?: number | undefined;
}

const NOTHING: Decision = {};

/**
 * Decides what to report to a receiver. It compares the current incident with what the receiver knows, independent of
 * events. So a lost event loses nothing, and nothing is reported twice.
 */
export function decide(route: Route, delivery: DeliveryState, situation: Situation): Decision {
  const { state } = situation.incident;
  if (state !== 'open') return ofEnded(route, delivery, situation);
  return delivery.state === 'open' ? ofKnown(route, delivery, situation) : ofNew(route, delivery, situation);
}

/** The receiver does not know that the incident is open. */
function ofNew(route: Route, delivery: DeliveryState, situation: Situation): Decision {
  const { incident, concerned, nowMs, openSinceMs, settlesMs } = situation;
  // The person who acknowledged it knows of it.
  if (!concerned || incident.acknowledged_at != null) return NOTHING;
  const dueMs = Math.max(settlesMs, route.afterMs > 0 ? openSinceMs + route.afterMs : 0);
  if (nowMs < dueMs) return { againMs: dueMs };
  const { gate, untilMs } = situation.gate(incident.severity);
  if (gate === 'off duty') return { againMs: untilMs };
  if (gate === 'quiet') {
    // An earlier missed occurrence is included in the summary after the quiet hours.
    const held: DeliveryState = { ...delivery, state: 'held', lastMs: nowMs };
    return delivery.state === 'held' ? { againMs: untilMs } : { delivery: held, againMs: untilMs };
  }
  const news = delivery.rings > 0 ? 'reopened' : 'opened';
  return rung(route, delivery, situation, news);
}

/** The receiver knows that the incident is open. */
function ofKnown(route: Route, delivery: DeliveryState, situation: Situation): Decision {
  const { incident, nowMs, refreshMs } = situation;
  // The robot's clock may be set back.
  const lastMs = Math.min(delivery.lastMs, nowMs);
  const blocksMotion = incident.blocks_motion === true;
  const isWorse = incident.severity > delivery.severity || (blocksMotion && !delivery.blocksMotion);
  let againMs: number | undefined;
  if (isWorse) {
    const { gate, untilMs } = situation.gate(incident.severity);
    if (gate === 'open') return rung(route, delivery, situation, 'worse');
    againMs = untilMs;
  }
  const isAcknowledged = incident.acknowledged_at != null;
  if (isAcknowledged && !delivery.acknowledged) {
    return { send: 'acknowledged', delivery: { ...delivery, acknowledged: true }, againMs };
  }
  if (!isAcknowledged && delivery.acknowledged)
    return { delivery: { ...delivery, acknowledged: false }, againMs: nowMs };
  if (refreshMs !== undefined) {
    if (nowMs >= lastMs + refreshMs) {
      return { send: 'refreshed', delivery: { ...delivery, lastMs: nowMs }, againMs: nowMs + refreshMs };
    }
    againMs = earlier(againMs, lastMs + refreshMs);
  } else if (!isAcknowledged && route.repeatMs > 0 && delivery.repeats < route.maxRepeats) {
    const dueMs = lastMs + route.repeatMs;
    if (nowMs < dueMs) return { againMs: earlier(againMs, dueMs) };
    const { gate, untilMs } = situation.gate(incident.severity);
    if (gate === 'open') return rung(route, delivery, situation, 'repeated');
    againMs = earlier(againMs, untilMs);
  }
  return { againMs };
}

/** The incident has healed or was closed. */
function ofEnded(route: Route, delivery: DeliveryState, situation: Situation): Decision {
  const { incident, concerned, nowMs, isBrief } = situation;
  const over: DeliveryState = { ...delivery, state: 'over', lastMs: nowMs };
  switch (delivery.state) {
    case 'open':
      // Sent immediately, even in quiet hours: it alerts no person and ends an active alert.
      return { send: incident.state === 'closed' ? 'closed' : 'healed', delivery: over };
    case 'held':
      return { delivery: { ...delivery, state: 'missed', lastMs: nowMs, line: lineOf(incident, route.zone) } };
    case 'nothing': {
      if (!isBrief || !concerned || route.afterMs > 0 || incident.acknowledged_at != null) return NOTHING;
      const { gate } = situation.gate(incident.severity);
      if (gate === 'off duty') return NOTHING;
      if (gate === 'quiet') {
        return { delivery: { ...delivery, state: 'missed', lastMs: nowMs, line: lineOf(incident, route.zone) } };
      }
      return { send: 'healed', delivery: { ...over, severity: incident.severity } };
    }
    default:
      return NOTHING;
  }
}

function rung(route: Route, delivery: DeliveryState, situation: Situation, news: NotificationKind): Decision {
  const { incident, nowMs, refreshMs } = situation;
  const repeats = news === 'repeated' ? delivery.repeats + 1 : 0;
  const isRepeated = refreshMs === undefined && route.repeatMs > 0 && repeats < route.maxRepeats;
  return {
    send: news,
    delivery: {
      state: 'open',
      severity: news === 'reopened' ? incident.severity : Math.max(delivery.severity, incident.severity),
      blocksMotion: incident.blocks_motion === true || (news !== 'reopened' && delivery.blocksMotion),
      acknowledged: incident.acknowledged_at != null,
      rings: delivery.rings + 1,
      repeats,
      lastMs: nowMs,
    },
    againMs: refreshMs !== undefined ? nowMs + refreshMs : isRepeated ? nowMs + route.repeatMs : undefined,
  };
}
