import type { Commands } from '../command/command.ts';
import { ARTIFACT_COMMANDS } from './artifacts/commands.ts';
import { CAMPAIGN_COMMANDS } from './campaigns/commands.ts';
import { EVIDENCE_COMMANDS } from './evidence/commands.ts';
import { ISSUE_COMMANDS } from './issues/commands.ts';
import { QUEUE_COMMANDS } from './queue/commands.ts';

/** Commands of `medkit fleet`. */
export const FLEET_COMMANDS: Commands = {
  fleet: {
    about: 'List the robots of a fleet hub, with their state and faults',
    load: async () => (await import('./list-robots.ts')).listRobots,
  },
  'fleet show': {
    about: 'Show what a fleet hub knows of a robot, also while it is offline',
    takes: ['robot'],
    load: async () => (await import('./show-robot.ts')).showRobot,
  },
  'fleet set': {
    about: 'Change the site, labels or note of a robot',
    takes: ['robot', 'anything'],
    load: async () => (await import('./change-robot.ts')).setRobot,
  },
  'fleet presence': {
    about: 'List when a robot was connected, and why not',
    takes: ['robot'],
    load: async () => (await import('./park-robot.ts')).listPresence,
  },
  'fleet park': {
    about: 'Announce that a robot will be away',
    takes: ['robot'],
    load: async () => (await import('./park-robot.ts')).parkRobot,
  },
  'fleet unpark': {
    about: 'End the park of a robot',
    takes: ['robot'],
    load: async () => (await import('./park-robot.ts')).unparkRobot,
  },
  'fleet quotas': {
    about: 'Show the quotas of a fleet hub and their use',
    load: async () => (await import('./list-quotas.ts')).listQuotas,
  },
  'fleet sites': {
    about: 'List the sites of a fleet hub with their hours',
    load: async () => (await import('./sites.ts')).listSites,
  },
  'fleet sites set': {
    about: 'Set the time zone, quiet hours and maintenance of a site',
    takes: ['site', 'anything'],
    load: async () => (await import('./sites.ts')).setSite,
  },
  'fleet sites remove': {
    about: 'Delete the hours of a site; its robots stay',
    takes: ['site'],
    load: async () => (await import('./sites.ts')).removeSite,
  },
  'fleet groups': {
    about: 'List the groups of robots of a fleet hub',
    load: async () => (await import('./groups.ts')).listGroups,
  },
  'fleet groups set': {
    about: 'Create a group of robots, or change its filter',
    takes: ['group', 'anything'],
    load: async () => (await import('./groups.ts')).setGroup,
  },
  'fleet groups remove': {
    about: 'Remove a group; its robots stay',
    takes: ['group'],
    load: async () => (await import('./groups.ts')).removeGroup,
  },
  ...ARTIFACT_COMMANDS,
  ...CAMPAIGN_COMMANDS,
  ...QUEUE_COMMANDS,
  ...EVIDENCE_COMMANDS,
  'fleet invite': {
    about: 'Invite a robot to a fleet hub, or many robots with one image',
    takes: ['anything'],
    load: async () => (await import('./invitations.ts')).inviteRobot,
  },
  'fleet invitations': {
    about: 'List the invitations of a fleet hub',
    load: async () => (await import('./invitations.ts')).listInvitations,
  },
  'fleet withdraw': {
    about: 'Withdraw an invitation',
    takes: ['invitation'],
    load: async () => (await import('./invitations.ts')).withdrawInvitation,
  },
  'fleet approve': {
    about: 'Approve a robot that has enrolled',
    takes: ['robot'],
    load: async () => (await import('./change-robot.ts')).approveRobot,
  },
  'fleet revoke': {
    about: 'Revoke the key of a robot',
    takes: ['robot'],
    load: async () => (await import('./change-robot.ts')).revokeRobot,
  },
  'fleet rotate': {
    about: 'Give a robot a new key',
    takes: ['robot'],
    load: async () => (await import('./change-robot.ts')).rotateRobot,
  },
  'fleet replace': {
    about: 'Invite a new machine for a robot',
    takes: ['robot'],
    load: async () => (await import('./change-robot.ts')).replaceRobot,
  },
  'fleet settle': {
    about: 'End the quarantine of a robot whose disk was cloned or restored',
    takes: ['robot'],
    load: async () => (await import('./change-robot.ts')).settleRobot,
  },
  'fleet retire': {
    about: 'Retire a robot',
    takes: ['robot'],
    load: async () => (await import('./change-robot.ts')).retireRobot,
  },
  ...ISSUE_COMMANDS,
};
