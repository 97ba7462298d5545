import type { Command } from './command.ts';

/** Every command, in the order of `medkit --help`. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  up: {
    about: 'join the robot of this network and serve it over REST',
    load: async () => (await import('../gateway/up.ts')).up,
  },
  doctor: {
    about: 'say what is heard of the robot here, what is wrong and what to do about it',
    load: async () => (await import('../doctor/doctor.ts')).doctor,
  },
  'config explain': {
    about: 'say what medkit makes of a configuration file, and what in it does not count',
    load: async () => (await import('../config/explain.ts')).explain,
  },
  'manifest check': {
    about: 'say what is wrong with a manifest, by rule, file and line',
    load: async () => (await import('../manifest/check.ts')).check,
  },
  'manifest draft': {
    about: 'write a manifest of the robot that a gateway sees, to begin with',
    load: async () => (await import('../manifest/draft.ts')).draft,
  },
  'audit verify': {
    about: 'check that the audit log of faults is as it was written',
    load: async () => (await import('../audit/verify.ts')).verify,
  },
  demo: {
    about: 'start a simulated robot and a gateway to it',
    load: async () => (await import('../demo/demo.ts')).demo,
  },
  'demo inject': {
    about: 'let something go wrong with the running demo: obstacle, battery, node-death, mute-node',
    load: async () => (await import('../demo/scenario-command.ts')).injectScenario,
  },
  'demo clear': {
    about: 'put it right again: obstacle, battery, node-death, mute-node or all',
    load: async () => (await import('../demo/scenario-command.ts')).clearScenario,
  },
  'demo status': {
    about: 'show what is wrong with the running demo',
    load: async () => (await import('../demo/scenario-command.ts')).demoStatus,
  },
};
