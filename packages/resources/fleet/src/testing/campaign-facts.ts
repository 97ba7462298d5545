import type { CampaignFacts, CampaignRobot } from '../campaigns/robot-step.ts';

export const NOW = 1_000_000_000;
export const MINUTE = 60_000;

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
