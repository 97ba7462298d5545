import { isHub, type NamedHub } from '@medkit/uplink';
import { type GatewayConfig, HUB_DEFAULTS, type HubSettings } from '../config/index.ts';

/**
 * Returns the settings of a hub; `undefined` if the settings name hubs, and none of them is this one. Settings without a
 * name are those of the first hub: they never apply to another one, which has the defaults.
 */
export function hubSettings(
  { hub, hubs }: Pick<GatewayConfig, 'hub' | 'hubs'>,
  { isFirst, ...stored }: NamedHub & { readonly isFirst: boolean },
): HubSettings | undefined {
  const named = hubs.length === 0 && hub.name !== '' ? [hub] : hubs;
  if (named.length > 0) return named.find(({ name }) => isHub(stored, name));
  return isFirst ? hub : HUB_DEFAULTS;
}
