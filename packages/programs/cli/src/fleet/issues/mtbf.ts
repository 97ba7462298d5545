import { FLEET_FIGURE_GROUPS, type FleetFigures } from '@medkit/contract';
import { ExitCode } from '../../command/exit-code.ts';
import { remoteCommand } from '../../remote/remote-command.ts';
import { table } from '../../terminal/table.ts';

/** `medkit fleet mtbf`: lists errors and mean times between errors. */
export const meanTimes = remoteCommand({
  usage: 'fleet mtbf',
  asksHub: true,
  about: [
    'Lists errors, running hours and the mean time between errors with its 90 % interval, the most errors first. Running hours are',
    'those for which medkit ran on the robots. Without --since, of the last 30 days.',
  ],
  options: {
    by: { takes: '<group>', about: `${FLEET_FIGURE_GROUPS.join(', ')}; default robot` },
    since: { takes: '<time>', about: 'only hours from this time on (ISO 8601)' },
    until: { takes: '<time>', about: 'only hours up to this time' },
    label: { takes: '<name[=value]>', about: 'only robots with this label' },
    group: { takes: '<group>', about: 'only robots of this group of `fleet groups`' },
  },
  async run({ client, values, json }) {
    const names = ['by', 'since', 'until', 'label', 'group'];
    const query = Object.fromEntries(
      names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
    );
    const { text, value } = await client.ask('getFleetFigures', { query });
    console.log(json ? text : figureText(value));
    return ExitCode.ok;
  },
});

/** Figures as a table, and how many robots they come from. */
export function figureText({ by, items, robots, stale }: FleetFigures): string {
  const hours = (value: number | null | undefined): string => (value == null ? '-' : value.toFixed(1));
  const rows = items.map((item) => [
    ...[item.name ?? 'unknown', String(item.errors), String(item.occurrences), hours(item.running_hours)],
    hours(item.mtbf_hours),
    item.mtbf_low_hours == null ? '-' : `${hours(item.mtbf_low_hours)} to ${hours(item.mtbf_high_hours)}`,
    item.too_few ? 'too few errors' : '',
  ]);
  const head = [by.toUpperCase(), 'ERRORS', 'OCCURRENCES', 'RUNNING H', 'MTBF H', '90 % INTERVAL', ''];
  return `${items.length === 0 ? 'no data' : table(head, rows)}\nfrom ${robots} robots, ${stale} of them not read for 24 h`;
}
