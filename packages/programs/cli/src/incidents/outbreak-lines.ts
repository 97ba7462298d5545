import type { OutbreakDetail, OutbreakShare } from '@medkit/contract';
import { formatTime } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';

/** The robots of an outbreak, and the versions and sites with it and without it, as text. */
export function outbreakLines(detail: OutbreakDetail): readonly string[] {
  const { members, members_omitted: omitted, by_version, by_site, change, campaign, uncounted } = detail;
  const at = (time: string): string => formatTime(new Date(time));
  return [
    '',
    table(
      ['ROBOT', 'SITE', 'VERSION', 'BEGAN', 'ENDED', 'INCIDENT'],
      members.map(({ robot, site, version, began, ended, incident_id }) => [
        robot,
        site ?? '',
        version ?? '',
        at(began),
        ended ? at(ended) : '',
        incident_id ?? '',
      ]),
    ),
    ...(omitted ? [`# … ${omitted} more robots`] : []),
    ...shareLines('VERSION', by_version),
    ...shareLines('SITE', by_site),
    ...(change ? ['', `${change.robots} of these robots changed to ${change.version} from ${at(change.first)}`] : []),
    ...(campaign
      ? [
          '',
          `${campaign.robots} of these robots were changed by the campaign ${campaign.id} from ${at(campaign.first)}`,
        ]
      : []),
    ...(uncounted ? [`# ${uncounted} occurrences are not counted: their time is too uncertain`] : []),
  ];
}

function shareLines(name: string, shares: readonly OutbreakShare[]): readonly string[] {
  if (shares.length === 0) return [];
  const rows = shares.map((share) => [share.name, String(share.affected), String(share.others)]);
  return ['', table([name, 'IN THE OUTBREAK', 'OTHERS'], rows)];
}
