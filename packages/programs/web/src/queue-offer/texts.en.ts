import { plural } from '../texts/plural.ts';

export const texts = {
  away: (robot: string, since: string | undefined) =>
    since === undefined ? `${robot} is away.` : `${robot} is away since ${since}.`,
  ask: 'Do it when it is back?',
  within: 'If it is back within',
  hours: { 1: '1 hour', 8: '8 hours', 24: '1 day', 168: '7 days', 720: '30 days' },
  ends: (time: string) => `The request ends at ${time}. The hub checks your rights again when it sends it.`,
  now: 'Do it when it is back',
  done: (count: number) => `${plural(count, 'request is', 'requests are')} queued.`,
  show: 'Show the queue',
};
