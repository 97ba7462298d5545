import type { Commands } from '../../command/command.ts';

/** Commands for the campaigns of a fleet. */
export const CAMPAIGN_COMMANDS: Commands = {
  'fleet campaigns': {
    about: 'List the changes that a fleet hub carries to many robots in waves',
    load: async () => (await import('./list-campaigns.ts')).listCampaigns,
  },
  'fleet campaigns create': {
    about: 'Create a campaign from a file, or try it',
    takes: ['anything'],
    load: async () => (await import('./create-campaign.ts')).createCampaign,
  },
  'fleet campaigns show': {
    about: 'Show a campaign with its waves and robots',
    takes: ['campaign'],
    load: async () => (await import('./list-campaigns.ts')).showCampaign,
  },
  'fleet campaigns approve': {
    about: 'Approve a wave of a campaign',
    takes: ['campaign'],
    load: async () => (await import('./change-campaign.ts')).approveCampaign,
  },
  'fleet campaigns stop': {
    about: 'Stop a campaign, and roll it back if requested',
    takes: ['campaign'],
    load: async () => (await import('./change-campaign.ts')).stopCampaign,
  },
  'fleet campaigns cancel': {
    about: 'Cancel a campaign for all robots that have not begun',
    takes: ['campaign'],
    load: async () => (await import('./change-campaign.ts')).cancelCampaign,
  },
};
