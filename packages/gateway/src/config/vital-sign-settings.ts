import type { Setting } from './setting.ts';

/** Settings of the values that show the state of the robot at a glance. */
export const VITAL_SIGN_SETTINGS = {
  vital_signs: {
    type: 'list',
    default: [],
    since: '0.1.0',
    about:
      'Values at the top of the home page, such as `Nearest obstacle [m] = apps/safety_gate/data/min_range_m`: a name, its unit, and the value as `watch` of `x-medkit-live` expects it. Battery, speed and navigation goal are found by their message types.',
  },
} as const satisfies Readonly<Record<string, Setting>>;
