import { ConfigRefused, type Notice } from './assignment.ts';
import type { FlatConfig } from './gateway-config.ts';

/** Throws `ConfigRefused` if the heartbeat URL is invalid; the message omits the URL, which is secret. */
export function validateHeartbeat(config: Pick<FlatConfig, 'notify.heartbeat_url'>): readonly Notice[] {
  const url = config['notify.heartbeat_url'];
  if (url === '' || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return [];
  throw new ConfigRefused(['notify.heartbeat_url is not an absolute http: or https: address']);
}
