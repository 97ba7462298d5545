import type { Fleet } from '@medkit/fleet';
import { Answer } from '../../http/answer.ts';
import type { Exchange } from '../../http/exchange.ts';
import { isAuthorised, notAuthorised } from '../../security/authorise.ts';
import { answered, filtersOf, pageOf, textsOf } from '../fleet-replies.ts';
import type { QueueRights } from '../queue/may-act.ts';
import type { FleetHandlers } from '../without-fleet.ts';

type CampaignHandlers = Pick<FleetHandlers, Extract<keyof FleetHandlers, `${string}FleetCampaign${string}`>>;

/** The handlers of the campaigns of a fleet. */
export function campaignHandlers(
  { campaigns }: Pick<Fleet, 'campaigns'>,
  rights: Pick<QueueRights, 'checkAccount'>,
): CampaignHandlers {
  return {
    listFleetCampaigns: async ({ query }) =>
      pageOf(await answered(() => campaigns.list({ ...filtersOf(query), ...textsOf(query, ['state']) }))),
    createFleetCampaign: async ({ body, principal, note }) => {
      const campaign = body!;
      note({ campaign: campaign.id });
      const needs = await answered(async () => campaigns.needs(campaign));
      // On each robot the hub acts for the creator: a campaign must not do what its creator may not.
      const missing = needs.find((need) => !isAuthorised(principal, need));
      if (missing !== undefined) throw notAuthorised(principal, missing);
      // Before each execution of a script, the hub checks the account again.
      if (campaign.kind === 'script') rights.checkAccount(principal);
      const created = await answered(() => campaigns.create(campaign, principal.id));
      return new Answer(campaign.dry_run === true ? 200 : 201, created);
    },
    getFleetCampaign: ({ path }) => answered(() => campaigns.read(nameIn(path))),
    listFleetCampaignRobots: async ({ path, query }) => {
      const { wave } = query;
      const filters = {
        ...filtersOf(query),
        ...textsOf(query, ['state']),
        ...(wave !== undefined && { wave: Number(wave) }),
      };
      return pageOf(await answered(() => campaigns.robots(nameIn(path), filters)));
    },
    approveFleetCampaign: ({ path, body, principal }) =>
      answered(() => campaigns.approve(nameIn(path), body ?? {}, principal.id)),
    stopFleetCampaign: ({ path, body, principal }) =>
      answered(() => campaigns.stop(nameIn(path), body ?? {}, principal.id)),
    cancelFleetCampaign: ({ path, principal }) => answered(() => campaigns.cancel(nameIn(path), principal.id)),
  };
}

const nameIn = (path: Exchange['path']): string => path['campaign'] ?? '';
