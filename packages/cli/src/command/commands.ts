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
