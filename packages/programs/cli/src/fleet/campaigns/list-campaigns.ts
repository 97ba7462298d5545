import type { FleetCampaign, FleetCampaignDetail, FleetCampaignRobot } from '@medkit/contract';
import { ExitCode } from '../../command/exit-code.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { plainLine } from '../../terminal/display-width.ts';
import { formatTime } from '../../terminal/format.ts';
import { table } from '../../terminal/table.ts';

const LIMIT = 500;

/** `medkit fleet campaigns`: lists the campaigns. */
export const listCampaigns = remoteCommand({
  usage: 'fleet campaigns',
  asksHub: true,
  about: ['Lists the campaigns of the hub, the newest first, with the number of their robots by state.'],
  options: { state: { takes: '<state>', about: 'only campaigns in this state, such as running' } },
  examples: [['fleet campaigns show slower-in-halls', 'the waves of one of them']],
  async run({ client, values, json }) {
    const { state } = values as Readonly<Record<string, string | undefined>>;
    const query = { limit: LIMIT, ...(state !== undefined && { state }) };
    const { text, value } = await client.ask('listFleetCampaigns', { query });
    console.log(json ? text : campaignTable(value.items));
    return ExitCode.ok;
  },
});

/** Campaigns as a table. */
export function campaignTable(items: readonly FleetCampaign[]): string {
  if (items.length === 0) return 'no campaigns: create one with `fleet campaigns create <file>`';
  const rows = items.map(({ id, kind, state, robots, states, created_at, created_by, reason }) => [
    ...[id, kind, state, String(robots), countsText(states)],
    ...[formatTime(new Date(created_at)), created_by, reason ?? ''],
  ]);
  return table(['CAMPAIGN', 'KIND', 'STATE', 'ROBOTS', 'BY STATE', 'CREATED', 'BY', 'REASON'], rows);
}

/** `medkit fleet campaigns show`: shows a campaign. */
export const showCampaign = remoteCommand({
  usage: 'fleet campaigns show <campaign>',
  asksHub: true,
  about: [
    `Shows a campaign: its waves with their robots by state, and up to ${LIMIT} robots with the reason of their state.`,
  ],
  options: { state: { takes: '<state>', about: 'only robots in this state, such as waiting' } },
  async run({ client, args: [campaign = ''], values, json }) {
    const { state } = values as Readonly<Record<string, string | undefined>>;
    const { value: detail } = await client.ask('getFleetCampaign', { path: { campaign } });
    const query = { limit: LIMIT, ...(state !== undefined && { state }) };
    const { value: robots } = await client.ask('listFleetCampaignRobots', { path: { campaign }, query });
    console.log(json ? JSON.stringify({ ...detail, items: robots.items }) : campaignText(detail, robots.items));
    return ExitCode.ok;
  },
});

/** A campaign as lines of text. */
export function campaignText(campaign: FleetCampaignDetail, robots: readonly FleetCampaignRobot[]): string {
  const { id, kind, state, reason, roll_back, stopped_by, expires_at, waves, sites, plan } = campaign;
  const lines = [
    `${id} (${kind}) is ${state}${reason == null ? '' : `: ${reason}`}`,
    ...(stopped_by == null ? [] : [`stopped by ${stopped_by}`]),
    ...(roll_back == null ? [] : [`roll-back: ${roll_back}`]),
    `expires at ${formatTime(new Date(expires_at))}`,
    ...(plan.conditions ?? []).map((condition) => `condition of each robot: ${condition}`),
    ...(plan.targets.dynamic === true ? ['robots that begin to match until then join the last wave'] : []),
  ];
  const waveRows = waves.map((wave) => [
    String(wave.wave),
    wave.opened_at == null ? 'no' : formatTime(new Date(wave.opened_at)),
    wave.approved_by ?? '',
    String(wave.robots),
    countsText(wave.states),
    wave.waits_for ?? '',
  ]);
  const siteRows = (sites ?? []).map((row) => [
    ...[row.site ?? '', String(row.robots), String(row.in_progress), String(row.at_a_time ?? '')],
    ...[row.zone ?? '', row.waits_for ?? ''],
  ]);
  const robotRows = robots.map((row) => [
    ...[row.robot, row.site ?? '', String(row.wave)],
    row.percent == null ? row.state : `${row.state} ${row.percent} %`,
    ...[row.since == null ? '' : formatTime(new Date(row.since)), row.reason ?? row.result?.stdout ?? ''],
  ]);
  return [
    lines.map(plainLine).join('\n'),
    table(['WAVE', 'OPEN SINCE', 'APPROVED BY', 'ROBOTS', 'BY STATE', 'WAITS FOR'], waveRows),
    ...(siteRows.length > 0
      ? [table(['SITE', 'ROBOTS', 'CHANGE NOW', 'AT A TIME', 'TIME ZONE', 'WAITS FOR'], siteRows)]
      : []),
    ...(robotRows.length > 0 ? [table(['ROBOT', 'SITE', 'WAVE', 'STATE', 'SINCE', 'REASON'], robotRows)] : []),
  ].join('\n\n');
}

const countsText = (states: FleetCampaign['states']): string =>
  Object.entries(states)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
