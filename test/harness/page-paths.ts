import type { PageName } from '../../packages/programs/web/src/routes/pages.ts';

const PLOTTED = [
  's=apps/collision_monitor/data/min_range_m',
  's=apps/controller_server/data/cmd_vel_nav:/linear/x',
  's=apps/wheel_odometry/data/odom:/twist/twist/linear/x',
];

/**
 * An address of every page in the eventful demo; `{incident}` stands for the id of its incident. The demo has no script
 * and no update: their pages say so.
 */
export const PAGE_PATHS = {
  // First, before repeated messages of the stopped robot fill the list.
  logs: '/logs',
  home: '/',
  incidents: '/incidents',
  incident: '/incidents/{incident}',
  faults: '/faults?status=all',
  fault: '/apps/bt_navigator/faults/NAVIGATION_GOAL_ABORTED',
  entity: '/apps/collision_monitor',
  'entity.data': '/apps/bt_navigator/data',
  'entity.item': '/apps/battery_monitor/data/battery_state',
  'entity.operations': '/components/navigation/operations',
  'entity.operation': '/apps/bt_navigator/operations/navigate_to_pose',
  'entity.configurations': '/apps/lidar_driver/configurations',
  'entity.faults': '/apps/bt_navigator/faults',
  'entity.logs': '/apps/bt_navigator/logs',
  'entity.status': '/apps/map_server/status',
  'entity.locks': '/components/navigation/locks',
  'entity.findings': '/apps/lidar_driver/findings',
  scripts: '/scripts',
  script: '/apps/lidar_driver/scripts/none',
  updates: '/updates',
  update: '/updates/none',
  triggers: '/triggers',
  'triggers.new': '/triggers/new?entity=apps/battery_monitor&item=voltage',
  trigger: '/components/navigation/triggers/trig_1',
  plot: `/plot?${PLOTTED.join('&')}&t=0.8`,
  graph: '/graph',
  'graph.entity': '/graph/areas/autonomy',
  recordings: '/recordings',
  alarms: '/alarms',
  locks: '/locks',
  executions: '/executions',
  audit: '/audit',
  notifications: '/notifications',
  peers: '/peers',
  fleet: '/fleet',
  'fleet.robot': '/robots/amr-17',
  issues: '/issues',
  issue: '/issues/7',
  campaigns: '/campaigns',
  campaign: '/campaigns/slower',
  queue: '/queue',
  evidence: '/evidence',
  users: '/users',
  doctor: '/doctor',
  find: '/find?q=scan',
  settings: '/settings',
  'gateway-settings': '/gateway-settings',
  'sign-in': '/sign-in',
} as const satisfies Readonly<Record<PageName, string>>;

/** Returns the path of a page in a demo whose incident has this id. */
export const pathOf = (name: PageName, incident: string): string =>
  PAGE_PATHS[name].replace('{incident}', encodeURIComponent(incident));
