import type { Commands } from '../../command/command.ts';

/** Commands for requests that wait for robots that are away. */
export const QUEUE_COMMANDS: Commands = {
  'fleet queue list': {
    about: 'List the requests that wait for robots, and those that ended',
    takes: ['robot'],
    load: async () => (await import('./list-queue.ts')).listQueue,
  },
  'fleet queue add': {
    about: 'Queue a request for a robot that is away',
    takes: ['robot', 'anything'],
    load: async () => (await import('./change-queue.ts')).addRequest,
  },
  'fleet queue cancel': {
    about: 'Cancel a queued request that was not sent yet',
    takes: ['robot', 'anything'],
    load: async () => (await import('./change-queue.ts')).cancelRequest,
  },
};
