import type { Commands } from '../../command/command.ts';

/** Commands for the artifacts of a fleet hub. */
export const ARTIFACT_COMMANDS: Commands = {
  'fleet artifacts': {
    about: 'List the artifacts of updates that a fleet hub stores for campaigns',
    load: async () => (await import('./list-artifacts.ts')).listArtifacts,
  },
  'fleet artifacts put': {
    about: 'Send an artifact of an update to a fleet hub',
    takes: ['anything'],
    load: async () => (await import('./change-artifacts.ts')).putArtifact,
  },
  'fleet artifacts delete': {
    about: 'Delete an artifact from a fleet hub',
    takes: ['artifact'],
    load: async () => (await import('./change-artifacts.ts')).deleteArtifact,
  },
};
