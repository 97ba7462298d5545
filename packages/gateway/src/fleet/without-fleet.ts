import { SovdError } from '@medkit/contract';
import type { Handlers } from '../http/exchange.ts';

/** Handlers of the routes of a fleet hub. */
export type FleetHandlers = Pick<Handlers, Extract<keyof Handlers, `${string}Fleet${string}`>>;

/** The handlers of a gateway that is no hub: each throws `not-implemented`. */
export function withoutFleet(): FleetHandlers {
  const refuse = (): never => {
    const message = 'This gateway is not a fleet hub: start it with medkit hub, or set fleet.enabled';
    throw new SovdError({ code: 'not-implemented', message });
  };
  return {
    getFleet: refuse,
    getFleetHub: refuse,
    openFleetUplink: refuse,
    listFleetFaults: refuse,
    listFleetOccurrences: refuse,
    listFleetIssues: refuse,
    getFleetIssue: refuse,
    changeFleetIssue: refuse,
    getFleetFigures: refuse,
    exportFleet: refuse,
    recountFleet: refuse,
    listFleetRobots: refuse,
    getFleetRobot: refuse,
    changeFleetRobot: refuse,
    retireFleetRobot: refuse,
    approveFleetRobot: refuse,
    revokeFleetRobot: refuse,
    rotateFleetRobot: refuse,
    replaceFleetRobot: refuse,
    settleFleetRobot: refuse,
    parkFleetRobot: refuse,
    unparkFleetRobot: refuse,
    listFleetPresence: refuse,
    listFleetQueuedRequests: refuse,
    listFleetQueue: refuse,
    queueFleetRequest: refuse,
    getFleetQueuedRequest: refuse,
    cancelFleetQueuedRequest: refuse,
    listFleetSites: refuse,
    setFleetSite: refuse,
    deleteFleetSite: refuse,
    listFleetGroups: refuse,
    createFleetGroup: refuse,
    changeFleetGroup: refuse,
    deleteFleetGroup: refuse,
    listFleetEvidence: refuse,
    downloadFleetEvidence: refuse,
    fetchFleetEvidence: refuse,
    pinFleetEvidence: refuse,
    eraseFleetEvidence: refuse,
    readFleetEvidenceRules: refuse,
    setFleetEvidenceRules: refuse,
    listFleetArtifacts: refuse,
    uploadFleetArtifact: refuse,
    deleteFleetArtifact: refuse,
    listFleetCampaigns: refuse,
    createFleetCampaign: refuse,
    getFleetCampaign: refuse,
    listFleetCampaignRobots: refuse,
    approveFleetCampaign: refuse,
    stopFleetCampaign: refuse,
    cancelFleetCampaign: refuse,
    listFleetInvitations: refuse,
    createFleetInvitation: refuse,
    withdrawFleetInvitation: refuse,
  };
}
