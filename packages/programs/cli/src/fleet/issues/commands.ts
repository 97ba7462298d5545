import type { Commands } from '../../command/command.ts';

/** Commands of `medkit fleet` about issues. */
export const ISSUE_COMMANDS: Commands = {
  'fleet issues': {
    about: 'List the same faults on many robots, with their numbers',
    load: async () => (await import('./list-issues.ts')).listIssues,
  },
  'fleet issue': {
    about: 'Show an issue with its robots, software and sites',
    takes: ['anything'],
    load: async () => (await import('./list-issues.ts')).showIssue,
  },
  'fleet resolve': {
    about: 'Resolve an issue, in all software or in a version',
    takes: ['anything'],
    load: async () => (await import('./change-issue.ts')).resolveIssue,
  },
  'fleet ignore': {
    about: 'Ignore an issue until it spreads, or mute it',
    takes: ['anything'],
    load: async () => (await import('./change-issue.ts')).ignoreIssue,
  },
  'fleet reopen': {
    about: 'Mark an issue as ongoing, or set its owner',
    takes: ['anything'],
    load: async () => (await import('./change-issue.ts')).reopenIssue,
  },
  'fleet top': {
    about: 'List what has the most faults, or stopped robots for longest',
    load: async () => (await import('./figures.ts')).top,
  },
  'fleet mtbf': {
    about: 'List errors and mean times between errors of robots, sites or software',
    load: async () => (await import('./figures.ts')).meanTimes,
  },
  'fleet mttr': {
    about: 'List the times until faults healed',
    load: async () => (await import('./figures.ts')).timesToRepair,
  },
  'fleet availability': {
    about: 'List the part of the running time in which no fault stopped the robots',
    load: async () => (await import('./figures.ts')).availability,
  },
  'fleet export': {
    about: 'Write occurrences, robots or events of a fleet to a file',
    takes: ['anything', 'anything'],
    load: async () => (await import('../export-fleet.ts')).exportFleet,
  },
  'fleet recount': {
    about: 'Compare the sums of a fleet hub with its occurrences',
    load: async () => (await import('./change-issue.ts')).recount,
  },
};
