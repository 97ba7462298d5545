import type { Incident } from '@medkit/contract';
import { lineOf } from '../message/content.ts';
import type { News } from '../message/telling.ts';
import type { Route } from '../receiver/receiver.ts';
import type { Standing } from '../standing/standing.ts';
import { earlier, type GateNow } from './gate.ts';

/** What a decision is made of besides the receiver and what it has been told. */
export interface Situation {
  readonly incident: Incident;
  /** Whether the receiver is to hear of it as it is. */
  readonly concerned: boolean;
  readonly nowMs: number;
  /** Since when it is open, this time. */
  readonly openSinceMs: number;
  /** Until when what explains it may still come: it is not told before. */
  readonly settlesMs: number;
  /** It was over before anything of it could be told. */
  readonly isBrief: boolean;
  /** Whether the receiver may be rung for a severity. */
  gate(severity: number): GateNow;
  /** How often it is told again that it is open, whatever was acknowledged; `undefined` for a receiver that remembers. */
  readonly refreshMs: number | undefined;
}

export interface Decision {
  /** What is to be told now. */
  readonly tell?: News;
  /** What the receiver has been told after that; absent where it stays as it was. */
  readonly standing?: Standing;
  /** When there may be another decision although nothing has changed, milliseconds since the epoch. */
  readonly againMs?: number | undefined;
}

const NOTHING: Decision = {};

/**
 * What a receiver is told of an incident as it is now. It is the difference between that and what it was told, not the event that
 * makes it: so nothing is lost with an event, and nothing is told twice.
 */
export function decide(route: Route, standing: Standing, situation: Situation): Decision {
  const { state } = situation.incident;
  if (state !== 'open') return ofEnded(route, standing, situation);
  return standing.told === 'open' ? ofKnown(route, standing, situation) : ofNew(route, standing, situation);
}

/** The receiver does not know that it is open. */
function ofNew(route: Route, standing: Standing, situation: Situation): Decision {
  const { incident, concerned, nowMs, openSinceMs, settlesMs } = situation;
  // Who has taken it on knows of it.
  if (!concerned || incident.acknowledged_at != null) return NOTHING;
  const dueMs = Math.max(settlesMs, route.afterMs > 0 ? openSinceMs + route.afterMs : 0);
  if (nowMs < dueMs) return { againMs: dueMs };
  const { gate, untilMs } = situation.gate(incident.severity);
  if (gate === 'off duty') return { againMs: untilMs };
  if (gate === 'quiet') {
    // What it missed once before is told with the rest of the night.
    const held: Standing = { ...standing, told: 'held', lastMs: nowMs };
    return standing.told === 'held' ? { againMs: untilMs } : { standing: held, againMs: untilMs };
  }
  const news = standing.rings > 0 ? 'reopened' : 'opened';
  return rung(route, standing, situation, news);
}

/** The receiver knows that it is open. */
function ofKnown(route: Route, standing: Standing, situation: Situation): Decision {
  const { incident, nowMs, refreshMs } = situation;
  // The clock of a robot may be set back.
  const lastMs = Math.min(standing.lastMs, nowMs);
  const blocksMotion = incident.blocks_motion === true;
  const isWorse = incident.severity > standing.severity || (blocksMotion && !standing.blocksMotion);
  let againMs: number | undefined;
  if (isWorse) {
    const { gate, untilMs } = situation.gate(incident.severity);
    if (gate === 'open') return rung(route, standing, situation, 'worse');
    againMs = untilMs;
  }
  const isAcknowledged = incident.acknowledged_at != null;
  if (isAcknowledged && !standing.acknowledged) {
    return { tell: 'acknowledged', standing: { ...standing, acknowledged: true }, againMs };
  }
  if (!isAcknowledged && standing.acknowledged)
    return { standing: { ...standing, acknowledged: false }, againMs: nowMs };
  if (refreshMs !== undefined) {
    if (nowMs >= lastMs + refreshMs) {
      return { tell: 'refreshed', standing: { ...standing, lastMs: nowMs }, againMs: nowMs + refreshMs };
    }
    againMs = earlier(againMs, lastMs + refreshMs);
  } else if (!isAcknowledged && route.repeatMs > 0 && standing.repeats < route.maxRepeats) {
    const dueMs = lastMs + route.repeatMs;
    if (nowMs < dueMs) return { againMs: earlier(againMs, dueMs) };
    const { gate, untilMs } = situation.gate(incident.severity);
    if (gate === 'open') return rung(route, standing, situation, 'repeated');
    againMs = earlier(againMs, untilMs);
  }
  return { againMs };
}

/** It is healed, or was put away. */
function ofEnded(route: Route, standing: Standing, situation: Situation): Decision {
  const { incident, concerned, nowMs, isBrief } = situation;
  const over: Standing = { ...standing, told: 'over', lastMs: nowMs };
  switch (standing.told) {
    case 'open':
      // It rings nobody, and ends what rings: so it waits for nothing.
      return { tell: incident.state === 'closed' ? 'closed' : 'healed', standing: over };
    case 'held':
      return { standing: { ...standing, told: 'missed', lastMs: nowMs, line: lineOf(incident, route.zone) } };
    case 'nothing': {
      if (!isBrief || !concerned || route.afterMs > 0 || incident.acknowledged_at != null) return NOTHING;
      const { gate } = situation.gate(incident.severity);
      if (gate === 'off duty') return NOTHING;
      if (gate === 'quiet') {
        return { standing: { ...standing, told: 'missed', lastMs: nowMs, line: lineOf(incident, route.zone) } };
      }
      return { tell: 'healed', standing: { ...over, severity: incident.severity } };
    }
    default:
      return NOTHING;
  }
}

function rung(route: Route, standing: Standing, situation: Situation, news: News): Decision {
  const { incident, nowMs, refreshMs } = situation;
  const repeats = news === 'repeated' ? standing.repeats + 1 : 0;
  const isRepeated = refreshMs === undefined && route.repeatMs > 0 && repeats < route.maxRepeats;
  return {
    tell: news,
    standing: {
      told: 'open',
      severity: news === 'reopened' ? incident.severity : Math.max(standing.severity, incident.severity),
      blocksMotion: incident.blocks_motion === true || (news !== 'reopened' && standing.blocksMotion),
      acknowledged: incident.acknowledged_at != null,
      rings: standing.rings + 1,
      repeats,
      lastMs: nowMs,
    },
    againMs: refreshMs !== undefined ? nowMs + refreshMs : isRepeated ? nowMs + route.repeatMs : undefined,
  };
}
