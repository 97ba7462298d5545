import type { FleetCampaign, FleetCampaignRobot } from '@medkit/contract';
import { t } from './texts.ts';

/** The state of a campaign as shape, colour and text. */
export function CampaignState({ state }: Pick<FleetCampaign, 'state'>) {
  return <span className={`campaign-mark campaign-state-${state}`}>{t.states[state]}</span>;
}

/** The state of a robot in a campaign as shape, colour and text. */
export function RobotProgress({ state }: Pick<FleetCampaignRobot, 'state'>) {
  return <span className={`campaign-mark campaign-is-${state}`}>{t.robotStates[state]}</span>;
}
