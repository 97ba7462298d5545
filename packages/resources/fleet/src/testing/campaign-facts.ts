import type { CampaignFacts, CampaignRobot } from '../campaigns/robot-step.ts';

export const NOW = 1_000_000_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A robot that a campaign has not begun with, changed by `fields`. */
export const rowOf = (fields: Partial<CampaignRobot> = {}): CampaignRobot => ({
  ...{ state: 'selected', step: undefined, attempt: 0, reason: undefined, found: undefined, isTouched: false },
  ...{ sinceMs: NOW - MINUTE, changedMs: undefined, dueMs: 0 },
  ...fields,
});

/** The facts of a robot that may begin, changed by `fields`. */
export const factsOf = (fields: Partial<CampaignFacts> = {}): CampaignFacts => ({
  ...{ nowMs: NOW, isOnline: true, order: 'go', isWaveOpen: true, place: 'free' },
  session: { epoch: 2, isRead: true },
  ...fields,
});

/** Facts of a robot that is begun with or under way, by the names of the columns of the tables of states and facts. */
export const USUAL_FACTS: Readonly<Record<string, CampaignFacts>> = {
  go: factsOf(),
  closed: factsOf({ isWaveOpen: false }),
  full: factsOf({ place: 'full' }),
  busy: factsOf({ place: 'busy' }),
  away: factsOf({ isOnline: false }),
  'away 2 h': factsOf({ isOnline: false, nowMs: NOW + 2 * HOUR }),
  '24 h': factsOf({ nowMs: NOW + 24 * HOUR }),
  cut: factsOf({ isCut: true }),
  'cut 2 h': factsOf({ isCut: true, nowMs: NOW + 2 * HOUR }),
};
