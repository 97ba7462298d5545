import { type ComponentType, lazy } from 'react';
import { reloadForNewPages } from '../gateway/new-pages.ts';
import { IS_HUB } from '../routes/base-path.ts';
import type { PageName, ParametersOf } from '../routes/pages.ts';
import { PageNotLoaded } from './page-not-loaded.tsx';

type PageOf<N extends PageName> = ComponentType<ParametersOf<N>>;

/** A page that is loaded on first navigation. */
function loaded<N extends PageName>(load: () => Promise<PageOf<N>>) {
  return lazy(async () => {
    try {
      return { default: (await load()) as ComponentType<object> };
    } catch (error) {
      console.warn('a page could not be loaded', error);
      void reloadForNewPages();
      return { default: PageNotLoaded };
    }
  });
}

const graph = loaded<'graph.entity'>(() => import('../graph/graph-page.tsx').then(({ GraphPage }) => GraphPage));
const entity = loaded<'entity'>(() => import('../entities/entity-page.tsx').then(({ EntityPage }) => EntityPage));

const fleet = loaded<'fleet'>(() => import('../fleet/fleet-page.tsx').then(({ FleetPage }) => FleetPage));
/** A hub without a robot of itself has the faults of its fleet. */
const faults = IS_HUB
  ? loaded<'faults'>(() => import('../fleet/fleet-faults-page.tsx').then(({ FleetFaultsPage }) => FleetFaultsPage))
  : loaded<'faults'>(() => import('../faults/faults-page.tsx').then(({ FaultsPage }) => FaultsPage));

/** The component that renders each page. */
export const PAGE_VIEWS: Readonly<Record<PageName, ComponentType<object>>> = {
  home: IS_HUB ? fleet : loaded<'home'>(() => import('../home/home-page.tsx').then(({ HomePage }) => HomePage)),
  incidents: loaded<'incidents'>(() =>
    import('../incident-list/incidents-page.tsx').then(({ IncidentsPage }) => IncidentsPage),
  ),
  incident: loaded<'incident'>(() => import('../incidents/incident-page.tsx').then(({ IncidentPage }) => IncidentPage)),
  faults,
  fault: loaded<'fault'>(() => import('../faults/fault-page.tsx').then(({ FaultPage }) => FaultPage)),
  entity,
  'entity.data': entity,
  'entity.item': loaded<'entity.item'>(() =>
    import('../entities/data-item-page.tsx').then(({ DataItemPage }) => DataItemPage),
  ),
  'entity.operations': entity,
  'entity.operation': loaded<'entity.operation'>(() =>
    import('../entities/operation-page.tsx').then(({ OperationPage }) => OperationPage),
  ),
  'entity.configurations': entity,
  'entity.faults': entity,
  'entity.logs': entity,
  'entity.status': entity,
  'entity.locks': entity,
  'entity.findings': entity,
  scripts: loaded<'scripts'>(() => import('../scripts/scripts-page.tsx').then(({ ScriptsPage }) => ScriptsPage)),
  script: loaded<'script'>(() => import('../scripts/script-page.tsx').then(({ ScriptPage }) => ScriptPage)),
  updates: loaded<'updates'>(() => import('../updates/updates-page.tsx').then(({ UpdatesPage }) => UpdatesPage)),
  update: loaded<'update'>(() => import('../updates/update-page.tsx').then(({ UpdatePage }) => UpdatePage)),
  triggers: loaded<'triggers'>(() => import('../triggers/triggers-page.tsx').then(({ TriggersPage }) => TriggersPage)),
  'triggers.new': loaded<'triggers.new'>(() =>
    import('../triggers/builder-page.tsx').then(({ BuilderPage }) => BuilderPage),
  ),
  trigger: loaded<'trigger'>(() => import('../triggers/trigger-page.tsx').then(({ TriggerPage }) => TriggerPage)),
  plot: loaded<'plot'>(() => import('../plots/plot-page.tsx').then(({ PlotPage }) => PlotPage)),
  graph,
  'graph.entity': graph,
  recordings: loaded<'recordings'>(() =>
    import('../bulk-data/recordings-page.tsx').then(({ RecordingsPage }) => RecordingsPage),
  ),
  alarms: loaded<'alarms'>(() => import('../alarms/alarms-page.tsx').then(({ AlarmsPage }) => AlarmsPage)),
  locks: loaded<'locks'>(() => import('../locks/locks-page.tsx').then(({ LocksPage }) => LocksPage)),
  executions: loaded<'executions'>(() =>
    import('../executions/executions-page.tsx').then(({ ExecutionsPage }) => ExecutionsPage),
  ),
  logs: loaded<'logs'>(() => import('../logs/logs-page.tsx').then(({ LogsPage }) => LogsPage)),
  audit: loaded<'audit'>(() => import('../audit/audit-page.tsx').then(({ AuditPage }) => AuditPage)),
  notifications: loaded<'notifications'>(() =>
    import('../notifications/notifications-page.tsx').then(({ NotificationsPage }) => NotificationsPage),
  ),
  users: loaded<'users'>(() => import('../users/users-page.tsx').then(({ UsersPage }) => UsersPage)),
  fleet,
  'fleet.robot': loaded<'fleet.robot'>(() => import('../fleet/robot-page.tsx').then(({ RobotPage }) => RobotPage)),
  issues: loaded<'issues'>(() => import('../fleet-issues/issues-page.tsx').then(({ IssuesPage }) => IssuesPage)),
  issue: loaded<'issue'>(() => import('../fleet-issues/issue-page.tsx').then(({ IssuePage }) => IssuePage)),
  campaigns: loaded<'campaigns'>(() =>
    import('../fleet-campaigns/campaigns-page.tsx').then(({ CampaignsPage }) => CampaignsPage),
  ),
  campaign: loaded<'campaign'>(() =>
    import('../fleet-campaigns/campaign-page.tsx').then(({ CampaignPage }) => CampaignPage),
  ),
  queue: loaded<'queue'>(() => import('../fleet-queue/queue-page.tsx').then(({ QueuePage }) => QueuePage)),
  evidence: loaded<'evidence'>(() =>
    import('../fleet-evidence/evidence-page.tsx').then(({ EvidencePage }) => EvidencePage),
  ),
  peers: loaded<'peers'>(() => import('../peers/peers-page.tsx').then(({ PeersPage }) => PeersPage)),
  doctor: loaded<'doctor'>(() => import('../doctor/doctor-page.tsx').then(({ DoctorPage }) => DoctorPage)),
  find: loaded<'find'>(() => import('../search/search-page.tsx').then(({ SearchPage }) => SearchPage)),
  'gateway-settings': loaded<'gateway-settings'>(() =>
    import('../gateway-settings/gateway-settings-page.tsx').then(({ GatewaySettingsPage }) => GatewaySettingsPage),
  ),
  settings: loaded<'settings'>(() => import('../settings/settings-page.tsx').then(({ SettingsPage }) => SettingsPage)),
  'sign-in': loaded<'sign-in'>(() => import('../sign-in/sign-in-page.tsx').then(({ SignInPage }) => SignInPage)),
};
