import { type FleetHub, type NewFleetInvitation, SovdError } from '@medkit/contract';
import type { CreatedInvitation, Fleet, FleetRequests, FleetView, RobotQuery } from '@medkit/fleet';
import { invitationLink } from '@medkit/tunnel';
import { Answer, done } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { artifactHandlers } from './artifacts/artifact-handlers.ts';
import type { GatewayArtifacts } from './artifacts/gateway-artifacts.ts';
import { campaignHandlers } from './campaigns/campaign-handlers.ts';
import { evidenceHandlers } from './evidence/evidence-handlers.ts';
import type { GatewayEvidence } from './evidence/gateway-evidence.ts';
import { exportHandlers } from './export-handlers.ts';
import type { GatewayQuota } from './fleet-quota.ts';
import { answered, filtersOf, pageOf, textsOf } from './fleet-replies.ts';
import { issueHandlers } from './issue-handlers.ts';
import type { QueueRights } from './queue/may-act.ts';
import { queueHandlers } from './queue/queue-handlers.ts';
import type { FleetHandlers } from './without-fleet.ts';

export interface FleetHandlersOptions {
  readonly fleet: Fleet;
  readonly evidence: GatewayEvidence;
  readonly artifacts: GatewayArtifacts;
  readonly quota: Pick<GatewayQuota, 'use'>;
  readonly rights: QueueRights;
  /** `server.public_url`, for the links of invitations; absent if none is configured. */
  readonly publicUrl: string | undefined;
  /** Whether the gateway serves HTTPS itself. */
  readonly isSecure: boolean;
}

/** The handlers of a fleet hub. */
export function fleetHandlers(options: FleetHandlersOptions): FleetHandlers {
  const { fleet, evidence, artifacts, quota, rights, publicUrl, isSecure } = options;
  const fleetOf = (view: FleetView | undefined): FleetRequests => (view ? fleet.within(view) : fleet);
  const hub = (): FleetHub => ({ fingerprint: fleet.identity.fingerprint });
  const withLink = (invitation: CreatedInvitation, { headers }: Exchange): NewFleetInvitation => {
    const url = publicUrl ?? `${isSecure ? 'https' : 'http'}://${headers.host ?? 'localhost'}`;
    const { code, role } = invitation;
    const hubFingerprint = fleet.identity.fingerprint;
    return { ...invitation, link: invitationLink({ url, code, hubFingerprint, ...(role != null && { role }) }) };
  };
  return {
    ...issueHandlers(fleet),
    ...evidenceHandlers(fleet, evidence),
    ...artifactHandlers(fleet, artifacts),
    ...campaignHandlers(fleet, rights),
    ...queueHandlers(fleetOf, rights),
    ...exportHandlers(fleet),
    getFleet: ({ view }) =>
      answered(async () => ({
        ...(await fleetOf(view).counts()),
        ...(!view && { quotas: [...(await quota.use())] }),
      })),
    getFleetHub: hub,
    openFleetUplink: hub,
    listFleetFaults: async ({ query, view }) =>
      pageOf(
        await answered(() =>
          fleetOf(view).faults({ ...filtersOf(query), ...textsOf(query, ['robot', 'code', 'severity']) }),
        ),
      ),
    listFleetRobots: async ({ query, view }) =>
      pageOf(
        await answered(() =>
          fleetOf(view).robots({
            ...filtersOf(query),
            ...textsOf(query, ['state', 'presence', 'version', 'sort']),
          } as RobotQuery),
        ),
      ),
    getFleetRobot: async ({ path, view }) => {
      const robot = await answered(() => fleetOf(view).robot(nameIn(path)));
      if (robot) return robot;
      throw new SovdError({ code: 'resource-not-found', message: `The hub has no robot ${nameIn(path)}` });
    },
    changeFleetRobot: ({ path, body, view }) => answered(() => fleetOf(view).describe(nameIn(path), body ?? {})),
    retireFleetRobot: async ({ path, view }) => {
      await answered(() => fleetOf(view).retire(nameIn(path)));
      return done();
    },
    approveFleetRobot: ({ path, principal, view }) => answered(() => fleetOf(view).approve(nameIn(path), principal.id)),
    revokeFleetRobot: ({ path, view }) => answered(() => fleetOf(view).revoke(nameIn(path))),
    rotateFleetRobot: ({ path, view }) => answered(() => fleetOf(view).rotate(nameIn(path))),
    replaceFleetRobot: async (exchange) => {
      const { path, principal } = exchange;
      const invitation = await answered(() => fleetOf(exchange.view).replace(nameIn(path), principal.id));
      return new Answer(201, withLink(invitation, exchange));
    },
    settleFleetRobot: async (exchange) => {
      const { path, principal, body } = exchange;
      const settled = await answered(() => fleetOf(exchange.view).settle(nameIn(path), body!.action, principal.id));
      const { robot, invitation } = settled;
      return { robot, ...(invitation && { invitation: withLink(invitation, exchange) }) };
    },
    parkFleetRobot: ({ path, body, principal, view }) =>
      answered(() => fleetOf(view).park(nameIn(path), body ?? {}, principal.id)),
    unparkFleetRobot: async ({ path, view }) => {
      if (await answered(() => fleetOf(view).unpark(nameIn(path)))) return done();
      throw new SovdError({ code: 'resource-not-found', message: `The robot ${nameIn(path)} is not parked` });
    },
    listFleetPresence: ({ path, query, view }) =>
      answered(() => fleetOf(view).presence(nameIn(path), filtersOf(query))),
    listFleetSites: async ({ view }) => ({ items: [...(await answered(() => fleetOf(view).sites()))] }),
    setFleetSite: ({ path, body, principal, view }) =>
      answered(() => fleetOf(view).setSite(path['site'] ?? '', body!, principal.id)),
    deleteFleetSite: async ({ path, view }) => {
      const site = path['site'] ?? '';
      if (await answered(() => fleetOf(view).deleteSite(site))) return done();
      throw new SovdError({ code: 'resource-not-found', message: `The site ${site} has no schedule` });
    },
    listFleetGroups: async ({ view }) => ({ items: [...(await answered(() => fleetOf(view).groups()))] }),
    createFleetGroup: async ({ body, principal, note, view }) => {
      const { id, ...selector } = body!;
      note({ group: id });
      return new Answer(201, await answered(() => fleetOf(view).createGroup(id, selector, principal.id)));
    },
    changeFleetGroup: ({ path, body, principal, view }) =>
      answered(() => fleetOf(view).changeGroup(path['group'] ?? '', body ?? {}, principal.id)),
    deleteFleetGroup: async ({ path, view }) => {
      const id = path['group'] ?? '';
      if (await answered(() => fleetOf(view).deleteGroup(id))) return done();
      throw new SovdError({ code: 'resource-not-found', message: `The hub has no group ${id}` });
    },
    listFleetInvitations: async ({ view }) => ({ items: [...(await answered(() => fleetOf(view).invitations()))] }),
    createFleetInvitation: async (exchange) => {
      const { body, principal, note } = exchange;
      const invitation = await answered(() => fleetOf(exchange.view).invite(body ?? {}, principal.id));
      note({ invitation: invitation.id });
      return new Answer(201, withLink(invitation, exchange));
    },
    withdrawFleetInvitation: async ({ path, view }) => {
      const id = path['invite'] ?? '';
      if (await answered(() => fleetOf(view).withdraw(id))) return done();
      throw new SovdError({ code: 'resource-not-found', message: `The hub has no invitation ${id}` });
    },
  };
}

const nameIn = (path: Exchange['path']): string => path['robot'] ?? '';
