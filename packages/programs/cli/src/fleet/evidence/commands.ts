import type { Commands } from '../../command/command.ts';

/** Commands for the evidence of a fleet. */
export const EVIDENCE_COMMANDS: Commands = {
  'fleet evidence': {
    about: 'List the recordings, frames and log windows of faults that a fleet hub knows',
    takes: ['robot'],
    load: async () => (await import('./list-evidence.ts')).listEvidence,
  },
  'fleet evidence get': {
    about: 'Download evidence that a fleet hub stores',
    takes: ['anything'],
    load: async () => (await import('./change-evidence.ts')).getEvidence,
  },
  'fleet evidence fetch': {
    about: 'Let a fleet hub fetch evidence from its robot',
    takes: ['anything'],
    load: async () => (await import('./change-evidence.ts')).fetchEvidence,
  },
  'fleet evidence pin': {
    about: 'Keep evidence at a fleet hub beyond its retention',
    takes: ['anything'],
    load: async () => (await import('./change-evidence.ts')).pinEvidence,
  },
  'fleet evidence erase': {
    about: 'Erase what a fleet hub stores of a robot',
    takes: ['robot'],
    load: async () => (await import('./change-evidence.ts')).eraseEvidence,
  },
  'fleet evidence rules': {
    about: 'Print or replace the rules by which a fleet hub fetches evidence',
    load: async () => (await import('./evidence-rules.ts')).evidenceRules,
  },
};
