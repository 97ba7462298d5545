import type { GatewayConfig } from '../config/index.ts';
import { publicUrl } from '../http/public-url.ts';

/** Returns the prefix of every event's source, which identifies the robot. */
export function eventOrigin(config: Pick<GatewayConfig, 'server' | 'webhooks'>, machineName: string): string {
  const { webhooks, server } = config;
  return (
    webhooks.source.replace(/\/+$/, '') ||
    (publicUrl(config) ??
      `${server.tls.enabled ? 'https' : 'http'}://${machineName}${server.port === 0 ? '' : `:${server.port}`}`)
  );
}
