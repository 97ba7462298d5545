import type { FleetSite, FleetSiteSchedule } from '@medkit/contract';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { remoteCommand } from '../remote/remote-command.ts';
import { formatTime } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import { isoTime } from './park-robot.ts';

const HEAD = ['SITE', 'ROBOTS', 'TIME ZONE', 'QUIET HOURS', 'MAINTENANCE', 'NOW'];

/** `medkit fleet sites`: lists the sites. */
export const listSites = remoteCommand({
  usage: 'fleet sites',
  asksHub: true,
  about: [
    'Lists the sites of the fleet with their time zone, quiet hours and maintenance windows. Robots that are not connected in',
    'these are listed as expected offline.',
  ],
  async run({ client, json }) {
    const { text, value } = await client.ask('listFleetSites', {});
    console.log(json ? text : siteTable(value.items));
    return ExitCode.ok;
  },
});

/** Sites as a table. */
export function siteTable(sites: readonly FleetSite[]): string {
  if (sites.length === 0) return 'no sites: `fleet set <robot> --site <site>` gives a robot one';
  const rows = sites.map(({ id, robots, zone, quiet_hours, maintenance, absence }) => [
    id,
    String(robots),
    zone ?? '',
    quiet_hours.join('; '),
    maintenance.map(({ from, until, note }) => `${spanText(from, until)}${note ? ` ${note}` : ''}`).join('; '),
    absence ? absence.reason.replace('_', ' ') : '',
  ]);
  return table(HEAD, rows);
}

const spanText = (from: string, until: string): string =>
  `${formatTime(new Date(from))} - ${formatTime(new Date(until))}`;

/** `medkit fleet sites set`: sets time zone and schedule of a site. */
export const setSite = remoteCommand({
  usage: 'fleet sites set <site> […]',
  asksHub: true,
  about: [
    'Sets the time zone, the quiet hours and a maintenance window of a site, and replaces earlier ones. Each further argument',
    'is a period of quiet hours in the time zone of the site: `22:00-06:00` for each day, or `sat,sun 00:00-24:00`.',
  ],
  options: {
    zone: { takes: '<zone>', about: 'time zone, such as Europe/Berlin' },
    from: { takes: '<time>', about: 'begin of a maintenance window (ISO 8601)' },
    until: { takes: '<time>', about: 'end of the maintenance window' },
    note: { takes: '<text>', about: 'reason of the maintenance window, for people' },
  },
  examples: [["fleet sites set berlin --zone Europe/Berlin 22:00-06:00 'sat,sun 00:00-24:00'", 'nights and weekends']],
  async run({ client, args: [site = '', ...quiet_hours], values, json }) {
    const { zone, from, until, note } = values as Readonly<Record<string, string | undefined>>;
    if (zone === undefined) throw new CommandFailed('--zone is missing, such as --zone Europe/Berlin', ExitCode.usage);
    if ((from === undefined) !== (until === undefined))
      throw new CommandFailed('a maintenance window needs both --from and --until', ExitCode.usage);
    if (note !== undefined && from === undefined)
      throw new CommandFailed('--note is for a maintenance window: pass --from and --until', ExitCode.usage);
    const body: FleetSiteSchedule = {
      zone,
      ...(quiet_hours.length > 0 && { quiet_hours }),
      ...(from !== undefined &&
        until !== undefined && {
          maintenance: [{ from: isoTime('from', from), until: isoTime('until', until), ...(note && { note }) }],
        }),
    };
    const { text, value } = await client.ask('setFleetSite', { path: { site }, body });
    console.log(json ? text : siteTable([value]));
    return ExitCode.ok;
  },
});

/** `medkit fleet sites remove`: deletes the schedule of a site. */
export const removeSite = remoteCommand({
  usage: 'fleet sites remove <site>',
  asksHub: true,
  about: ['Deletes the schedule of a site. Its robots stay at the site.'],
  async run({ client, args: [site = ''] }) {
    await client.call('deleteFleetSite', { path: { site } });
    return ExitCode.ok;
  },
});
