import { FLEET_CAMPAIGN_OPEN_STATES } from '@medkit/contract';
import type { Statement } from '@medkit/store';
import { type FleetContext, nowMs } from '../fleet-context.ts';
import { countStates, readWaves, type StoredCampaign } from './campaign-rows.ts';
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
  const states = (await countStates(store, [id])).get(id);
  const statements: Statement[] = [];
  if (state === 'running' && at >= plan.expiresMs) statements.push(endAs('expired', id));
  else if (state === 'running') {
    const waves = await readWaves(store, id);
    const verdict = judgeGate(plan.gate, await readGate(store, campaign, waves, states, at));
    if (verdict.is === 'end') statements.push(endAs('done', id));
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

/** Returns whether no robot needs attention any more. A stopped campaign can be rolled back until it expires. */
function isOver(
  states: Awaited<ReturnType<typeof countStates>> extends ReadonlyMap<number, infer Waves> ? Waves | undefined : never,
  { state, plan }: StoredCampaign,
  at: number,
): boolean {
  if (state === 'stopped' && at < plan.expiresMs) return false;
  return [...(states?.values() ?? [])].every((wave) =>
    FLEET_CAMPAIGN_OPEN_STATES.every((each) => (wave[each] ?? 0) === 0),
  );
}
