import { type Dashboard, graph, type Query, SEL, stat } from './dashboard-panels.ts';

/** Returns a query for a column of the table of gateways; `expr` has one series for each gateway. */
const column = (legend: string, expr: string, unit?: Query['unit']): Query => ({
  expr: `sum by (instance) (${expr})`,
  legend,
  instant: true,
  ...(unit && { unit }),
});

const confirmed = (severity: string) => `medkit_faults{${SEL}, status="confirmed", severity="${severity}"}`;

/** Gateways whose last scrape is older do not appear with an age. The resolution of the age is one minute. */
const SCRAPED_WITHIN = '[1d:1m]';

/** A table of all gateways, for a control room. A gateway that cannot be scraped has a row without faults. */
export const FLEET: Dashboard = {
  uid: 'medkit-fleet',
  title: 'medkit: fleet',
  panels: [
    stat('Gateways', 'Gateways that Prometheus scrapes.', `count(up{${SEL}})`),
    stat('Gateways down', 'Gateways whose last scrape failed.', `count(up{${SEL}} == 0) or vector(0)`, { red: 1 }),
    stat(
      'Gateways with errors',
      'Gateways with an active fault of the severity error or critical.',
      `count(sum by (instance) (medkit_faults{${SEL}, status="confirmed", severity=~"error|critical"}) > 0) or vector(0)`,
      { red: 1 },
    ),
    stat('Confirmed faults', 'Active faults of all gateways.', `sum(medkit_faults{${SEL}, status="confirmed"})`, {
      red: 1,
    }),
    stat('Open incidents', 'Incidents of all gateways that are not closed.', `sum(medkit_incidents_open{${SEL}})`, {
      red: 1,
    }),
    stat('Least free disk space', 'Of all gateways.', `min(medkit_disk_free_bytes{${SEL}})`, { unit: 'bytes' }),
    {
      type: 'table',
      title: 'All gateways',
      description: 'One row for each gateway and version. Up is 0 if the last scrape failed.',
      unit: 'short',
      width: 24,
      queries: [
        column('Up', `up{${SEL}}`),
        column('Critical', confirmed('critical')),
        column('Error', confirmed('error')),
        column('Warning', confirmed('warning')),
        column('Info', confirmed('info')),
        column('Open incidents', `medkit_incidents_open{${SEL}}`),
        column('Apps offline', `count by (instance) (medkit_app_online{${SEL}} == 0)`),
        column('Free disk space', `medkit_disk_free_bytes{${SEL}}`, 'bytes'),
        column('Last scrape', `time() - max_over_time(timestamp(medkit_build_info{${SEL}})${SCRAPED_WITHIN})`, 's'),
      ],
    },
    graph(
      'Confirmed faults by gateway',
      'Active faults over time.',
      [{ expr: `sum by (instance) (medkit_faults{${SEL}, status="confirmed"})`, legend: '{{instance}}' }],
      { isStacked: true },
    ),
    graph('Gateways by version', 'Versions of medkit in use.', [
      { expr: `count by (version) (medkit_build_info{${SEL}})`, legend: '{{version}}' },
    ]),
    {
      type: 'table',
      title: 'Versions',
      description: 'Version of medkit and Node.js of each gateway.',
      unit: 'short',
      width: 12,
      queries: [{ expr: `medkit_build_info{${SEL}}`, legend: '', instant: true }],
    },
    {
      type: 'table',
      title: 'Unreachable gateways',
      description: 'Gateways that another gateway shows but does not reach.',
      unit: 'short',
      width: 12,
      queries: [{ expr: `medkit_peer_up{${SEL}} == 0`, legend: '', instant: true }],
    },
  ],
};
