import { createClient, GatewayRefused, resourceUri } from '@medkit/client';
import type { ReceiverAddress } from '@medkit/demo';
import { ownSend } from '../gateway/own-send.ts';

/** Faults of what drives the robot: whatever happens to it, these tell. */
const ENTITY = { kind: 'component', id: 'navigation' } as const;

/** It is on this machine, and has just come up. */
const ANSWER_MS = 15_000;

/**
 * Has the gateway at `url` deliver every change of a fault of the navigation to the demo's receiver. Gives false where settings
 * of whoever started it leave that out: triggers, webhooks or the component.
 */
export async function deliverFaults(
  url: string,
  token: string,
  { url: target, secret }: ReceiverAddress,
): Promise<boolean> {
  const client = createClient({
    url,
    clientId: 'medkit-demo',
    send: ownSend(ANSWER_MS),
    ...(token !== '' && { token }),
  });
  const body = {
    resource: resourceUri(ENTITY, 'faults'),
    // Not every report of a fault that stands already.
    path: '/status',
    trigger_condition: { condition_type: 'OnChange' },
    multishot: true,
    protocol: 'webhook',
    webhook: { url: target, secret },
  };
  try {
    await client.call('createTrigger', { entity: ENTITY, body });
    return true;
  } catch (error) {
    if (error instanceof GatewayRefused) return false;
    throw error;
  }
}
