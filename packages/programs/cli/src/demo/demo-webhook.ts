import { createClient, GatewayRefused, resourceUri } from '@medkit/client';
import type { ReceiverAddress } from '@medkit/demo';
import { loopbackSend } from '../gateway/loopback-send.ts';

/** The demo delivers faults of this component: every scenario affects the navigation. */
const ENTITY = { kind: 'component', id: 'navigation' } as const;

/** Timeout for the gateway, which is on this machine and has just started. */
const ANSWER_MS = 15_000;

/**
 * Creates a trigger, so that the gateway at `url` delivers every change of a navigation fault to the demo's receiver. Returns false
 * if the settings of the user disable triggers or webhooks, or remove the component.
 */
export async function deliverFaults(
  url: string,
  token: string,
  { url: target, secret }: ReceiverAddress,
): Promise<boolean> {
  const client = createClient({
    url,
    clientId: 'medkit-demo',
    send: loopbackSend(ANSWER_MS),
    ...(token !== '' && { token }),
  });
  const body = {
    resource: resourceUri(ENTITY, 'faults'),
    // Fires on status changes only, not on each report of an active fault.
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
