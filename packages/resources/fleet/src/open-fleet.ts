import { FLEET_RETENTION } from '@medkit/contract';
import { errorMessage } from '@medkit/core';
import { taskQueue } from '@medkit/edges';
import { followAbsences } from './absences/follow-absences.ts';
import { parkRobot, unparkRobot } from './absences/parks.ts';
import { listPresence } from './absences/presence-history.ts';
import { fleetArtifacts } from './artifacts/fleet-artifacts.ts';
import { fleetCampaigns } from './campaigns/fleet-campaigns.ts';
import { changeOutbox } from './changes/change-outbox.ts';
import { evidenceReads, evidenceRecord } from './evidence/evidence-record.ts';
import { exportFleet } from './export/export-fleet.ts';
import { faultEventLog } from './faults/fault-events.ts';
import { listFaults } from './faults/list-faults.ts';
import type { Fleet, FleetOptions, FleetRequests } from './fleet.ts';
import { type FleetChange, type FleetContext, NO_QUOTAS, nowMs } from './fleet-context.ts';
import { changeGroup, createGroup, deleteGroup, listGroups } from './groups/groups.ts';
import { resolveView } from './groups/resolve-view.ts';
import { groupMembers } from './groups/robot-filters.ts';
import { MAX_ROBOTS } from './handshake/enrol.ts';
import { hubRecords } from './handshake/hub-record.ts';
import { requestRotation, rotateOldKeys } from './handshake/rotate-key.ts';
import { hubIdentity, hubSecrets } from './hub/hub-secrets.ts';
import { uplinkReader } from './ingest/uplink-reader.ts';
import { codeThrottle } from './invitations/code-throttle.ts';
import { createInvitation, listInvitations, withdrawInvitation } from './invitations/invitations.ts';
import { fingerprints } from './issues/fingerprint.ts';
import { fleetIssues } from './issues/fleet-issues.ts';
import { knownState } from './known/known-state.ts';
import { queueEngine } from './queue/queue-engine.ts';
import { requestQueue } from './queue/queue-requests.ts';
import { quotaUse } from './quotas/fleet-quotas.ts';
import { eventPartitions } from './retention/event-partitions.ts';
import { eventsSince, tidyFleet } from './retention/tidy-fleet.ts';
import { approveRobot, describeRobot, endRobot, replaceRobot, settleRobot } from './robots/change-robots.ts';
import { countPresences, countRobots } from './robots/count-robots.ts';
import { listRobots, readRobot } from './robots/list-robots.ts';
import { renewSessions } from './sessions/renew-sessions.ts';
import { robotPings } from './sessions/robot-pings.ts';
import { closeSession, endOldSessions, noteSeen, openSessions } from './sessions/sessions.ts';
import { readSchedules } from './sites/site-schedules.ts';
import { deleteSite, listSites, setSite } from './sites/sites.ts';

/** Longest time between two pings: below the 60 s after which proxies close a silent connection. */
const KEEPALIVE_MAX_SEC = 25;
const TIDY_MS = 3_600_000;

/** Opens the record of a fleet hub. Throws if another secret encrypted the key of the hub. */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { store, clock, random, secret, log, keepaliveMaxSec = KEEPALIVE_MAX_SEC } = options;
  const secrets = hubSecrets(secret);
  const listeners = new Set<(change: FleetChange) => void>();
  const context: FleetContext = {
    store,
    clock,
    random,
    secrets,
    maxRobots: options.maxRobots ?? MAX_ROBOTS,
    quotas: options.quotas ?? NO_QUOTAS,
    pings: options.pings ?? robotPings(clock),
    retention: options.retention ?? FLEET_RETENTION,
    schedules: await readSchedules(store),
    fingerprintOf: fingerprints(options.issueRules ?? []),
    log,
    exclusive: taskQueue(),
    notify: (change) => {
      for (const listener of listeners) listener(change);
    },
  };
  const identity = await hubIdentity(store, secrets.identity, random, nowMs(context));
  await endOldSessions(store, nowMs(context));
  const partitions = options.hasPartitions ? eventPartitions(context) : undefined;
  await partitions?.prepare(eventsSince(context));
  const absences = followAbsences(context);
  await absences.refresh();
  const throttle = codeThrottle(clock);
  const { exclusive } = context;
  const tidy = () => tidyFleet({ ...context, archive: options.archive, partitions });
  const timer = clock.every(TIDY_MS, () => {
    tidy().catch((error: unknown) => log('error', `the fleet hub cannot remove old records: ${errorMessage(error)}`));
    exclusive(() => rotateOldKeys(context)).catch((error: unknown) =>
      log('error', `the fleet hub cannot request new keys of robots: ${errorMessage(error)}`),
    );
  });
  /** Runs a change, after which other robots may be expected to be away. */
  const announce = <T>(change: () => Promise<T>): Promise<T> =>
    exclusive(async () => {
      const result = await change();
      await absences.refresh();
      return result;
    });
  const requests = (within: FleetContext): FleetRequests => {
    const robotAfter = async (name: string) => (await readRobot(within, name))!;
    return {
      invite: (request, by) => exclusive(() => createInvitation(within, request, by)),
      invitations: () => listInvitations(within),
      withdraw: (id) => exclusive(() => withdrawInvitation(within, id)),
      approve: (robot, by) => exclusive(() => approveRobot(within, robot, by)).then(() => robotAfter(robot)),
      revoke: (robot) => exclusive(() => endRobot(within, robot, 'revoked')).then(() => robotAfter(robot)),
      rotate: (robot) => exclusive(() => requestRotation(within, robot)).then(() => robotAfter(robot)),
      retire: (robot) => exclusive(() => endRobot(within, robot, 'retired')),
      replace: (robot, by) => exclusive(() => replaceRobot(within, robot, by)),
      settle: async (robot, action, by) => {
        const invitation = await exclusive(() => settleRobot(within, robot, action, by));
        return { robot: await robotAfter(robot), ...(invitation && { invitation }) };
      },
      describe: (robot, change) => announce(() => describeRobot(within, robot, change)).then(() => robotAfter(robot)),
      robots: (query) => listRobots(within, query),
      robot: (name) => readRobot(within, name),
      park: (robot, request, by) => announce(() => parkRobot(within, robot, request, by)).then(() => robotAfter(robot)),
      unpark: (robot) => announce(() => unparkRobot(within, robot)),
      presence: (robot, query) => listPresence(within, robot, query),
      sites: () => listSites(within),
      setSite: (site, schedule, by) => announce(() => setSite(within, site, schedule, by)),
      deleteSite: (site) => announce(() => deleteSite(within, site)),
      groups: () => listGroups(within),
      createGroup: (id, selector, by) => exclusive(() => createGroup(within, id, selector, by)),
      changeGroup: (id, selector, by) => exclusive(() => changeGroup(within, id, selector, by)),
      deleteGroup: (id) => exclusive(() => deleteGroup(within, id)),
      groupMembers: () => groupMembers(within),
      counts: () => countRobots(within),
      exported: (what, filters) => exportFleet(within, what, filters),
      faults: (query) => listFaults(within, query),
      issues: fleetIssues(within),
      evidence: evidenceReads(within),
      queue: requestQueue(within),
    };
  };
  return {
    identity,
    record: hubRecords({ context, throttle, keepaliveMaxSec }),
    ...requests(context),
    view: (scopes) => resolveView(context, scopes),
    within: (view) => requests({ ...context, view }),
    connected: openSessions(context),
    disconnected: (robot, epoch, reason) => exclusive(() => closeSession(context, { robot, epoch, reason })),
    renew: (sessions) => announce(() => renewSessions(context, sessions)),
    seen: (robots) => noteSeen(context, robots),
    ...uplinkReader(context),
    quotaUse: () => quotaUse(context),
    presences: () => countPresences(context),
    faultEvents: faultEventLog(store),
    known: knownState(context),
    evidence: evidenceRecord(context),
    artifacts: fleetArtifacts(context),
    campaigns: fleetCampaigns(context),
    changes: changeOutbox(context),
    queueEngine: (parts) => queueEngine(context, parts),
    tidy,
    partitionProblem: () => partitions?.problem(),
    close: () => {
      timer.cancel();
      absences.close();
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
