import type { Commands } from '../command/command.ts';

/** Commands about incidents. */
export const INCIDENT_COMMANDS: Commands = {
  why: {
    about: 'Summarize an incident in about twenty lines, with the next steps',
    takes: ['incident'],
    load: async () => (await import('./summarize-incident.ts')).summarizeIncident,
  },
  incidents: {
    about: 'List incidents; an incident groups the faults with one cause',
    load: async () => (await import('./list-incidents.ts')).listIncidents,
  },
  'incidents show': {
    about: 'Show an incident with its faults and the reason why each belongs to it',
    takes: ['incident'],
    load: async () => (await import('./show-incident.ts')).showIncident,
  },
  'incidents ack': {
    about: 'Acknowledge an incident, so that others see who works on it',
    takes: ['incident'],
    load: async () => (await import('./change-incident.ts')).acknowledgeIncident,
  },
  'incidents note': {
    about: 'Add a note to an incident',
    takes: ['incident', 'anything'],
    load: async () => (await import('./change-incident.ts')).noteIncident,
  },
  'incidents close': {
    about: 'Close an incident',
    takes: ['incident'],
    load: async () => (await import('./change-incident.ts')).closeIncident,
  },
  'incidents reopen': {
    about: 'Reopen a closed incident',
    takes: ['incident'],
    load: async () => (await import('./change-incident.ts')).reopenIncident,
  },
  'incidents merge': {
    about: 'Merge incidents that have the same cause into one',
    takes: ['incident', 'incident'],
    load: async () => (await import('./regroup-incidents.ts')).mergeIncidents,
  },
  'incidents split': {
    about: 'Move faults with another cause from an incident into a new one',
    takes: ['incident', 'fault'],
    load: async () => (await import('./regroup-incidents.ts')).splitIncident,
  },
  'incidents export': {
    about: 'Download an incident with all its evidence as a zip archive',
    takes: ['incident'],
    load: async () => (await import('./export-incident.ts')).exportIncident,
  },
};
