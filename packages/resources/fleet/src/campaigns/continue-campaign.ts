import { FLEET_CAMPAIGN_OPEN_STATES, type FleetCampaignCounts } from '@medkit/contract';
import type { Statement } from '@medkit/store';
import { type FleetContext, nowMs } from '../fleet-context.ts';
import { countStates, readWaves, type StoredCampaign } from './campaign-rows.ts';
import { followTargets } from './dynamic-targets.ts';
import { stopByGate } from './gate-stops.ts';
import { judgeGate } from './judge-gate.ts';
import { readGate } from './read-gate.ts';

/**
 * Continues a campaign: opens the next wave, stops it, or ends it. Returns false if the campaign has another state than
 * before.
 */
export async function continueCampaign(
  context: Pick<FleetContext, 'clock' | 'log' | 'notify' | 'store'>,
  campaign: StoredCampaign,
): Promise<boolean> {
  const { store, log, notify } = context;
  const { id, name, state, plan } = campaign;
  const at = nowMs(context);
  const isRunning = state === 'running' && at < plan.expiresMs;
  if (isRunning && (await followTargets(context, campaign, at))) notify({ robot: '', topic: 'campaigns' });
  const states = (await countStates(store, [id])).get(id);
  const statements: Statement[] = [];
  if (isRunning) {
    const waves = await readWaves(store, id);
    const verdict = judgeGate(plan.gate, await readGate(store, campaign, waves, states, at));
    // Further robots may begin to match until it expires.
    if (verdict.is === 'end' && plan.targets.dynamic !== true) statements.push(endAs('done', id));
    if (verdict.is === 'stop') {
      log('warn', `the campaign ${name} stops: ${verdict.reason}`);
      statements.push(...stopByGate(campaign, verdict.reason, at));
    }
    if (verdict.is === 'open') {
      statements.push({
        sql: `UPDATE fleet_campaign_waves SET opened_ms = ?, waits_for = NULL WHERE campaign = ? AND wave = ?
              AND opened_ms IS NULL AND EXISTS (SELECT 1 FROM fleet_campaigns c WHERE c.id = campaign AND c.state = 'running')`,
        parameters: [at, id, verdict.wave],
      });
    }
    if (verdict.is === 'wait' && waves[verdict.wave - 1]?.waitsFor !== verdict.reason) {
      statements.push({
        sql: 'UPDATE fleet_campaign_waves SET waits_for = ? WHERE campaign = ? AND wave = ? AND opened_ms IS NULL',
        parameters: [verdict.reason, id, verdict.wave],
      });
    }
  } else if (state === 'running') {
    statements.push(endAs(plan.targets.dynamic === true && haveEnded(states) ? 'done' : 'expired', id));
  } else if (isOver(states, campaign, at)) {
    statements.push({ sql: 'UPDATE fleet_campaigns SET ended_ms = ? WHERE id = ?', parameters: [at, id] });
  }
  if (statements.length === 0) return true;
  await store.write(statements);
  notify({ robot: '', topic: 'campaigns' });
  return false;
}

const endAs = (state: 'done' | 'expired', id: number): Statement => ({
  sql: "UPDATE fleet_campaigns SET state = ? WHERE id = ? AND state = 'running'",
  parameters: [state, id],
});

type States = ReadonlyMap<number, FleetCampaignCounts> | undefined;

/** Returns whether no robot needs attention any more. A stopped campaign can be rolled back until it expires. */
const isOver = (states: States, { state, plan }: StoredCampaign, at: number): boolean =>
  (state !== 'stopped' || at >= plan.expiresMs) && haveEnded(states);

const haveEnded = (states: States): boolean =>
  [...(states?.values() ?? [])].every((wave) => FLEET_CAMPAIGN_OPEN_STATES.every((each) => (wave[each] ?? 0) === 0));
