import type { FleetQueuedRequest } from '@medkit/contract';
import { t } from './texts.ts';
import './queue.css';

/** The state of a queued request as shape, colour and text. */
export function QueueState({ state }: Pick<FleetQueuedRequest, 'state'>) {
  return <span className={`queue-mark queue-is-${state}`}>{t.states[state]}</span>;
}
