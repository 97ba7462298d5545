import type { Commands } from '../command/command.ts';

/** Commands of `medkit trigger`. */
export const TRIGGER_COMMANDS: Commands = {
  'trigger add': {
    about: 'Create a trigger that fires when a value of an entity changes',
    takes: ['entity', 'anything'],
    load: async () => (await import('./add.ts')).addTrigger,
  },
  'trigger list': {
    about: 'List the triggers of the robot or of one entity',
    takes: ['entity'],
    load: async () => (await import('./list.ts')).listTriggers,
  },
  'trigger events': {
    about: 'Print the events of a trigger as they arrive',
    takes: ['entity', 'trigger'],
    load: async () => (await import('./events.ts')).triggerEvents,
  },
  'trigger test': {
    about: 'Send a test event to the webhook of a trigger',
    takes: ['entity', 'trigger'],
    load: async () => (await import('./test-webhook.ts')).testTriggerWebhook,
  },
  'trigger remove': {
    about: 'Delete triggers',
    takes: ['entity', 'trigger'],
    load: async () => (await import('./remove.ts')).removeTrigger,
  },
};
