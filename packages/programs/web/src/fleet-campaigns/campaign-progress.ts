import type {
  FleetCampaignCounts,
  FleetCampaignDetail,
  FleetCampaignKind,
  FleetCampaignRobotState,
} from '@medkit/contract';

/** How far a robot is: its state without the details. */
export type Progress = 'done' | 'failed' | 'under_way' | 'waiting' | 'left_out';

const PROGRESS: Readonly<Record<FleetCampaignRobotState, Progress>> = {
  selected: 'waiting',
  waiting: 'waiting',
  transferring: 'under_way',
  preparing: 'under_way',
  executing: 'under_way',
  confirming: 'under_way',
  soaking: 'under_way',
  rolling_back: 'failed',
  done: 'done',
  failed: 'failed',
  rolled_back: 'failed',
  lost: 'failed',
  skipped: 'left_out',
  expired: 'left_out',
  cancelled: 'left_out',
};

/** States with their progress, in the order in which a robot passes them. */
const STATES = Object.entries(PROGRESS) as readonly (readonly [FleetCampaignRobotState, Progress])[];

/** Adds the robots of all states by progress. */
export function progressOf(states: FleetCampaignCounts): Readonly<Record<Progress, number>> {
  const sum: Record<Progress, number> = { done: 0, failed: 0, under_way: 0, waiting: 0, left_out: 0 };
  for (const [state, progress] of STATES) sum[progress] += states[state] ?? 0;
  return sum;
}

/** Returns the states that have robots, in the order in which a robot passes them. */
export function countedStates(
  states: FleetCampaignCounts,
): readonly (readonly [state: FleetCampaignRobotState, count: number])[] {
  return STATES.flatMap(([state]) => {
    const count = states[state] ?? 0;
    return count > 0 ? [[state, count] as const] : [];
  });
}

/** Returns whether the hub can change robots back. */
export const canRollBack = (kind: FleetCampaignKind): boolean => kind === 'configuration' || kind === 'update';

/** A decision that a person can make on a campaign. */
export type CampaignAction = 'approve' | 'stop' | 'roll_back' | 'cancel';

type Decided = Pick<FleetCampaignDetail, 'state' | 'roll_back' | 'plan' | 'waves'>;

/** Returns the actions that the state of a campaign permits, regardless of the role. */
export function actionsOf(campaign: Decided): readonly CampaignAction[] {
  const { state, roll_back: rollBack } = campaign;
  if (state === 'running') {
    return [...(waveToApprove(campaign) === undefined ? [] : (['approve'] as const)), 'stop', 'cancel'];
  }
  if (state !== 'stopped') return [];
  return [...(rollBack === 'roll_back_all' ? [] : (['roll_back'] as const)), 'cancel'];
}

/** Returns the number of the first wave without an approval; `undefined` if no wave needs one. */
export function waveToApprove({ plan, waves }: Pick<Decided, 'plan' | 'waves'>): number | undefined {
  if (plan.gate?.approval == null) return undefined;
  return waves.find(({ approved_at: approved }) => approved == null)?.wave;
}
