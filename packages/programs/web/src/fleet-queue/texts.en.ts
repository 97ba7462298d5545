import type { FleetQueueState } from '@medkit/contract';
import { plural } from '../texts/plural.ts';

export const texts = {
  list: 'Queued requests',
  request: 'Request',
  by: 'Queued by',
  state: 'State',
  anyState: 'All states',
  states: {
    waiting: 'waiting',
    sent: 'sent',
    done: 'done',
    refused: 'refused',
    expired: 'expired',
    cancelled: 'cancelled',
    unknown: 'unknown',
  } satisfies Readonly<Record<FleetQueueState, string>>,
  created: 'Queued',
  ends: 'Ends',
  counted: (loaded: number, total: number) =>
    loaded === total ? plural(total, 'request', 'requests') : `${loaded} of ${plural(total, 'request', 'requests')}`,
  none: 'There are no queued requests. The pages of a robot that is away offer to queue what can wait.',
  noneWith: 'No queued request has these properties.',
  details: {
    title: (id: string) => `Queued request ${id}`,
    robot: 'Robot',
    reason: 'Reason',
    body: 'Content',
    note: 'Note',
    notBefore: 'Not before',
    expires: 'Expires',
    sent: 'Sent first',
    next: 'Next attempt',
    ended: 'Ended',
    reply: 'Reply',
    cancel: 'Cancel request…',
    cancelTitle: (id: string) => `Cancel request ${id}`,
    cancelEffect: 'The hub does not send it.',
    unknownEffect: 'The hub does not send it again. Its outcome stays unknown: check the robot.',
    cancelNow: 'Cancel request',
  },
};
