import type { FleetCampaignStopAction } from '@medkit/contract';
import type { Statement } from '@medkit/store';
import { type FleetContext, textOf } from '../fleet-context.ts';
import type { StoredCampaign } from './campaign-rows.ts';

/** A stop of a campaign by its gate that is to be written into the audit log. */
export interface GateStop {
  readonly campaign: string;
  readonly atMs: number;
  readonly reason: string;
  readonly rollBack: FleetCampaignStopAction;
}

/** The stops by gates that the audit log may not have yet. A hub that is killed has them when it starts again. */
export interface GateStops {
  /** Returns the stops in their order. */
  unaudited(): Promise<readonly GateStop[]>;
  /** Removes a stop that the audit log has. */
  settle(stop: GateStop): Promise<void>;
}

export function gateStops({ store }: Pick<FleetContext, 'store'>): GateStops {
  return {
    unaudited: async () => {
      const rows = await store.read(
        `SELECT c.name, s.at_ms, s.reason, s.roll_back FROM fleet_campaign_stops s
         JOIN fleet_campaigns c ON c.id = s.campaign ORDER BY s.at_ms, s.campaign`,
      );
      return rows.map((row) => ({
        campaign: textOf(row.name!),
        atMs: Number(row.at_ms),
        reason: textOf(row.reason!),
        rollBack: textOf(row.roll_back!) as FleetCampaignStopAction,
      }));
    },
    settle: async ({ campaign }) => {
      const sql = 'DELETE FROM fleet_campaign_stops WHERE campaign = (SELECT id FROM fleet_campaigns WHERE name = ?)';
      await store.write([{ sql, parameters: [campaign] }]);
    },
  };
}

/** Returns the statements that stop a running campaign by its gate, and note this for the audit log. */
export function stopByGate({ id, plan }: StoredCampaign, reason: string, atMs: number): readonly Statement[] {
  const isRunning = "WHERE id = ? AND state = 'running'";
  return [
    {
      sql: `INSERT INTO fleet_campaign_stops (campaign, at_ms, reason, roll_back)
            SELECT id, CAST(? AS INTEGER), CAST(? AS TEXT), CAST(? AS TEXT) FROM fleet_campaigns ${isRunning}`,
      parameters: [atMs, reason, plan.onStop, id],
    },
    {
      sql: `UPDATE fleet_campaigns SET state = 'stopped', reason = ?, roll_back = ?, stopped_ms = ? ${isRunning}`,
      parameters: [reason, plan.onStop, atMs, id],
    },
  ];
}
