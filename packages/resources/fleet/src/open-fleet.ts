import { errorMessage } from '@medkit/core';
import { taskQueue } from '@medkit/edges';
import { followAbsences } from './absences/follow-absences.ts';
import { parkRobot, unparkRobot } from './absences/parks.ts';
import { listPresence } from './absences/presence-history.ts';
import { evidenceRecord } from './evidence/evidence-record.ts';
import { faultEventLog } from './faults/fault-events.ts';
import { listFaults } from './faults/list-faults.ts';
import type { Fleet, FleetOptions } from './fleet.ts';
import { type FleetChange, type FleetContext, nowMs } from './fleet-context.ts';
import { changeGroup, createGroup, deleteGroup, listGroups } from './groups/groups.ts';
import { groupMembers } from './groups/robot-filters.ts';
import { MAX_ROBOTS } from './handshake/enrol.ts';
import { hubRecord } from './handshake/hub-record.ts';
import { requestRotation, rotateOldKeys } from './handshake/rotate-key.ts';
import { hubIdentity, hubSecrets } from './hub/hub-secrets.ts';
import { uplinkReader } from './ingest/uplink-reader.ts';
import { codeThrottle } from './invitations/code-throttle.ts';
import { createInvitation, listInvitations, withdrawInvitation } from './invitations/invitations.ts';
import { fingerprints } from './issues/fingerprint.ts';
import { fleetIssues } from './issues/fleet-issues.ts';
import { knownState } from './known/known-state.ts';
import { tidyFleet } from './retention/tidy-fleet.ts';
import { approveRobot, describeRobot, endRobot, replaceRobot, settleRobot } from './robots/change-robots.ts';
import { countPresences, countRobots } from './robots/count-robots.ts';
import { listRobots, readRobot } from './robots/list-robots.ts';
import { renewSessions } from './sessions/renew-sessions.ts';
import { robotPings } from './sessions/robot-pings.ts';
import { closeSession, endOldSessions, noteSeen, openSession } from './sessions/sessions.ts';
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
    pings: options.pings ?? robotPings(clock),
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
  const absences = followAbsences(context);
  await absences.refresh();
  const throttle = codeThrottle(clock);
  const { exclusive } = context;
  const tidy = () => tidyFleet({ ...context, archive: options.archive });
  const timer = clock.every(TIDY_MS, () => {
    tidy().catch((error: unknown) => log('error', `the fleet hub cannot remove old records: ${errorMessage(error)}`));
    exclusive(() => rotateOldKeys(context)).catch((error: unknown) =>
      log('error', `the fleet hub cannot request new keys of robots: ${errorMessage(error)}`),
    );
  });
  const robotAfter = async (name: string) => (await readRobot(context, name))!;
  /** Runs a change, after which other robots may be expected to be away. */
  const announce = <T>(change: () => Promise<T>): Promise<T> =>
    exclusive(async () => {
      const result = await change();
      await absences.refresh();
      return result;
    });
  return {
    identity,
    record: ({ address }) => hubRecord({ context, throttle, keepaliveMaxSec, address }),
    invite: (request, by) => exclusive(() => createInvitation(context, request, by)),
    invitations: () => listInvitations(context),
    withdraw: (id) => exclusive(() => withdrawInvitation(context, id)),
    approve: (robot, by) => exclusive(() => approveRobot(context, robot, by)).then(() => robotAfter(robot)),
    revoke: (robot) => exclusive(() => endRobot(context, robot, 'revoked')).then(() => robotAfter(robot)),
    rotate: (robot) => exclusive(() => requestRotation(context, robot)).then(() => robotAfter(robot)),
    retire: (robot) => exclusive(() => endRobot(context, robot, 'retired')),
    replace: (robot, by) => exclusive(() => replaceRobot(context, robot, by)),
    settle: async (robot, action, by) => {
      const invitation = await exclusive(() => settleRobot(context, robot, action, by));
      return { robot: await robotAfter(robot), ...(invitation && { invitation }) };
    },
    describe: (robot, change) => announce(() => describeRobot(context, robot, change)).then(() => robotAfter(robot)),
    robots: (query) => listRobots(context, query),
    robot: (name) => readRobot(context, name),
    park: (robot, request, by) => announce(() => parkRobot(context, robot, request, by)).then(() => robotAfter(robot)),
    unpark: (robot) => announce(() => unparkRobot(context, robot)),
    presence: (robot, query) => listPresence(store, robot, query),
    sites: () => listSites(context),
    setSite: (site, schedule, by) => announce(() => setSite(context, site, schedule, by)),
    deleteSite: (site) => announce(() => deleteSite(context, site)),
    connected: (robot, session) => exclusive(() => openSession(context, robot, session)),
    disconnected: (robot, epoch, reason) => exclusive(() => closeSession(context, { robot, epoch, reason })),
    renew: (sessions) => announce(() => renewSessions(context, sessions)),
    seen: (robots) => noteSeen(context, robots),
    ...uplinkReader(context),
    groups: () => listGroups(store),
    createGroup: (id, selector, by) => exclusive(() => createGroup(context, id, selector, by)),
    changeGroup: (id, selector, by) => exclusive(() => changeGroup(context, id, selector, by)),
    deleteGroup: (id) => exclusive(() => deleteGroup(context, id)),
    groupMembers: () => groupMembers(store),
    presences: () => countPresences(context),
    counts: () => countRobots(context),
    faults: (query) => listFaults(context, query),
    faultEvents: faultEventLog(store),
    issues: fleetIssues(context),
    known: knownState(context),
    evidence: evidenceRecord(context),
    tidy,
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
