import { plural } from '../texts/plural.ts';

export const texts = {
  about: (sources: string) =>
    `Runs the reports of the last 30 days through other thresholds for ${sources}, for all faults of these sources. Changes nothing.`,
  confirm: 'Confirm at counter',
  confirmHelp: '-3 confirms with the third failure report.',
  heals: 'Heal automatically',
  healAt: 'Heal at counter',
  run: 'Try',
  running: 'Running the recorded reports…',
  none: 'No recorded reports of this fault in this period at this gateway.',
  same: 'Nothing would have been different for this fault.',
  counts: (before: number, after: number) =>
    `Active ${plural(before, 'time', 'times')} with the thresholds in use, ${plural(after, 'time', 'times')} with these.`,
  incidents: (before: number, after: number) => `Incidents with this fault: ${before}, then ${after}.`,
  notifications: (before: number, after: number) => `Notifications about it: ${before}, then ${after}.`,
  more: (count: number) => `${count} more differences are in the API.`,
  recorded: (events: number) => `${plural(events, 'recorded event', 'recorded events')} from`,
  until: 'to',
  cut: 'The record is longer than one trial: the oldest reports were left out. `medkit replay` runs all of them.',
  deviates: 'The gateway used other rules for a part of this period, so these numbers differ from what happened.',
  notEvaluated: 'Not evaluated:',
  never: 'never',
  changes: {
    more: 'additional fault',
    fewer: 'no longer a fault',
    earlier: 'confirmed earlier',
    later: 'confirmed later',
    ends_earlier: 'ends earlier',
    ends_later: 'ends later',
    muted: 'hidden as a symptom',
    unmuted: 'no longer hidden',
  },
};
