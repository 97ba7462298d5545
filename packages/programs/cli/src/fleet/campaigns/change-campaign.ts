import type { FleetCampaignStopAction } from '@medkit/contract';
import { ExitCode } from '../../command/exit-code.ts';
import { CommandFailed } from '../../command/failure.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { campaignText } from './list-campaigns.ts';

/** `medkit fleet campaigns approve`: approves a wave. */
export const approveCampaign = remoteCommand({
  usage: 'fleet campaigns approve <campaign>',
  asksHub: true,
  about: [
    'Approves the first wave of a campaign that has no approval yet. Only campaigns with `gate.approval` need it. A wave also',
    'waits until the wave before it has ended.',
  ],
  options: { wave: { takes: '<number>', about: 'approve this wave' } },
  async run({ client, args: [campaign = ''], values, json }) {
    const { wave } = values as Readonly<Record<string, string | undefined>>;
    if (wave !== undefined && !/^[1-9]\d?$/.test(wave)) {
      throw new CommandFailed(`--wave: expected the number of a wave, found "${wave}"`, ExitCode.usage);
    }
    const body = wave === undefined ? {} : { wave: Number(wave) };
    const { text, value } = await client.ask('approveFleetCampaign', { path: { campaign }, body });
    console.log(json ? text : campaignText(value, []));
    return ExitCode.ok;
  },
});

const ROLL_BACKS: Readonly<Record<string, FleetCampaignStopAction>> = {
  none: 'hold',
  wave: 'roll_back_wave',
  all: 'roll_back_all',
};

/** `medkit fleet campaigns stop`: stops a campaign. */
export const stopCampaign = remoteCommand({
  usage: 'fleet campaigns stop <campaign>',
  asksHub: true,
  about: [
    'Stops a campaign: no robot begins any more. Changes that have begun end by themselves; then they are rolled back as',
    '--roll-back says, by default as the plan does in `on_stop`. A stopped campaign can be rolled back later.',
  ],
  options: {
    reason: { takes: '<text>', about: 'why, for people' },
    'roll-back': { takes: '<what>', about: 'none, wave (the newest one) or all' },
  },
  examples: [
    ["fleet campaigns stop slower-in-halls --roll-back all --reason 'they drift'", 'restore the values before'],
  ],
  async run({ client, args: [campaign = ''], values, json }) {
    const { reason, 'roll-back': what } = values as Readonly<Record<string, string | undefined>>;
    const action = what === undefined ? undefined : ROLL_BACKS[what];
    if (what !== undefined && action === undefined) {
      throw new CommandFailed(`--roll-back: "${what}" is not one of none, wave, all`, ExitCode.usage);
    }
    const body = { ...(reason !== undefined && { reason }), ...(action !== undefined && { roll_back: action }) };
    const { text, value } = await client.ask('stopFleetCampaign', { path: { campaign }, body });
    console.log(json ? text : campaignText(value, []));
    return ExitCode.ok;
  },
});

/** `medkit fleet campaigns cancel`: cancels a campaign. */
export const cancelCampaign = remoteCommand({
  usage: 'fleet campaigns cancel <campaign>',
  asksHub: true,
  about: [
    'Ends a campaign for all robots that have not begun. Robots that have begun end by themselves, and stay changed.',
  ],
  async run({ client, args: [campaign = ''], json }) {
    const { text, value } = await client.ask('cancelFleetCampaign', { path: { campaign } });
    console.log(json ? text : campaignText(value, []));
    return ExitCode.ok;
  },
});
