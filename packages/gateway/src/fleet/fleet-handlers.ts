import { type FleetHub, type NewFleetInvitation, SovdError } from '@medkit/contract';
import type { CreatedInvitation, Fleet, RobotQuery } from '@medkit/fleet';
import { invitationLink } from '@medkit/tunnel';
import { Answer, done } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { evidenceHandlers } from './evidence/evidence-handlers.ts';
import type { GatewayEvidence } from './evidence/gateway-evidence.ts';
import { answered, filtersOf, pageOf, textsOf } from './fleet-replies.ts';
import { issueHandlers } from './issue-handlers.ts';
import type { FleetHandlers } from './without-fleet.ts';

export interface FleetHandlersOptions {
  readonly fleet: Fleet;
  readonly evidence: GatewayEvidence;
  /** `server.public_url`, for the links of invitations; absent if none is configured. */
  readonly publicUrl: string | undefined;
  /** Whether the gateway serves HTTPS itself. */
  readonly isSecure: boolean;
}

/** The handlers of a fleet hub. */
export function fleetHandlers({ fleet, evidence, publicUrl, isSecure }: FleetHandlersOptions): FleetHandlers {
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
    getFleet: () => answered(() => fleet.counts()),
    getFleetHub: hub,
    openFleetUplink: hub,
    listFleetFaults: async ({ query }) =>
      pageOf(
        await answered(() => fleet.faults({ ...filtersOf(query), ...textsOf(query, ['robot', 'code', 'severity']) })),
      ),
    listFleetRobots: async ({ query }) =>
      pageOf(
        await answered(() =>
          fleet.robots({
            ...filtersOf(query),
            ...textsOf(query, ['state', 'presence', 'version', 'sort']),
          } as RobotQuery),
        ),
      ),
    getFleetRobot: async ({ path }) => {
      const robot = await answered(() => fleet.robot(nameIn(path)));
      if (robot) return robot;
      throw new SovdError({ code: 'resource-not-found', message: `The hub has no robot ${nameIn(path)}` });
    },
    changeFleetRobot: ({ path, body }) => answered(() => fleet.describe(nameIn(path), body ?? {})),
    retireFleetRobot: async ({ path }) => {
      await answered(() => fleet.retire(nameIn(path)));
      return done();
    },
    approveFleetRobot: ({ path, principal }) => answered(() => fleet.approve(nameIn(path), principal.id)),
    revokeFleetRobot: ({ path }) => answered(() => fleet.revoke(nameIn(path))),
    rotateFleetRobot: ({ path }) => answered(() => fleet.rotate(nameIn(path))),
    replaceFleetRobot: async (exchange) => {
      const { path, principal } = exchange;
      const invitation = await answered(() => fleet.replace(nameIn(path), principal.id));
      return new Answer(201, withLink(invitation, exchange));
    },
    settleFleetRobot: async (exchange) => {
      const { path, principal, body } = exchange;
      const settled = await answered(() => fleet.settle(nameIn(path), body!.action, principal.id));
      const { robot, invitation } = settled;
      return { robot, ...(invitation && { invitation: withLink(invitation, exchange) }) };
    },
    parkFleetRobot: ({ path, body, principal }) => answered(() => fleet.park(nameIn(path), body ?? {}, principal.id)),
    unparkFleetRobot: async ({ path }) => {
      if (await answered(() => fleet.unpark(nameIn(path)))) return done();
      throw new SovdError({ code: 'resource-not-found', message: `The robot ${nameIn(path)} is not parked` });
    },
    listFleetPresence: ({ path, query }) => answered(() => fleet.presence(nameIn(path), filtersOf(query))),
    listFleetSites: async () => ({ items: [...(await answered(() => fleet.sites()))] }),
    setFleetSite: ({ path, body, principal }) => answered(() => fleet.setSite(path['site'] ?? '', body!, principal.id)),
    deleteFleetSite: async ({ path }) => {
      const site = path['site'] ?? '';
      if (await answered(() => fleet.deleteSite(site))) return done();
      throw new SovdError({ code: 'resource-not-found', message: `The site ${site} has no schedule` });
    },
    listFleetGroups: async () => ({ items: [...(await answered(() => fleet.groups()))] }),
    createFleetGroup: async ({ body, principal, note }) => {
      const { id, ...selector } = body!;
      note({ group: id });
      return new Answer(201, await answered(() => fleet.createGroup(id, selector, principal.id)));
    },
    changeFleetGroup: ({ path, body, principal }) =>
      answered(() => fleet.changeGroup(path['group'] ?? '', body ?? {}, principal.id)),
    deleteFleetGroup: async ({ path }) => {
      const id = path['group'] ?? '';
      if (await answered(() => fleet.deleteGroup(id))) return done();
      throw new SovdError({ code: 'resource-not-found', message: `The hub has no group ${id}` });
    },
    listFleetInvitations: async () => ({ items: [...(await answered(() => fleet.invitations()))] }),
    createFleetInvitation: async (exchange) => {
      const { body, principal, note } = exchange;
      const invitation = await answered(() => fleet.invite(body ?? {}, principal.id));
      note({ invitation: invitation.id });
      return new Answer(201, withLink(invitation, exchange));
    },
    withdrawFleetInvitation: async ({ path }) => {
      const id = path['invite'] ?? '';
      if (await answered(() => fleet.withdraw(id))) return done();
      throw new SovdError({ code: 'resource-not-found', message: `The hub has no invitation ${id}` });
    },
  };
}

const nameIn = (path: Exchange['path']): string => path['robot'] ?? '';
