import type { Files } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';

type LinkConfig = Pick<GatewayConfig['hub'], 'metered' | 'metered_interfaces'>;

/**
 * Returns whether the link to the hub costs money for its data: by the setting `hub.metered`, or, if it is `auto`, by
 * the name of the interface of the default route. Reads `/proc/net`; a machine without it has no metered link.
 */
export async function isMetered(hub: LinkConfig, files: Pick<Files, 'readText'>): Promise<boolean> {
  if (hub.metered !== 'auto') return hub.metered === 'true';
  const read = (path: string): Promise<string> =>
    files.readText(path).then(
      (text) => text ?? '',
      () => '',
    );
  const name = defaultInterface(await read('/proc/net/route'), await read('/proc/net/ipv6_route'));
  return name !== undefined && hub.metered_interfaces.some((pattern) => matches(pattern, name));
}

interface DefaultRoute {
  readonly name: string;
  readonly metric: number;
}

/**
 * Returns the interface of the default route with the least metric, of IPv4 if there is one.
 * @param ipv4 content of `/proc/net/route`
 * @param ipv6 content of `/proc/net/ipv6_route`
 */
export function defaultInterface(ipv4: string, ipv6: string): string | undefined {
  const routes4 = fieldsOf(ipv4).flatMap(([name, destination, , , , , metric, mask]): DefaultRoute[] =>
    name !== undefined && destination === '00000000' && mask === '00000000' ? [{ name, metric: Number(metric) }] : [],
  );
  const routes6 = fieldsOf(ipv6).flatMap((fields): DefaultRoute[] => {
    const [destination, length, , , , metric, , , , name] = fields;
    const isDefault = /^0{32}$/.test(destination ?? '') && length === '00' && name !== 'lo';
    return name !== undefined && isDefault ? [{ name, metric: Number.parseInt(metric ?? '', 16) }] : [];
  });
  const [best] = (routes4.length > 0 ? routes4 : routes6).toSorted((a, b) => a.metric - b.metric);
  return best?.name;
}

const fieldsOf = (text: string): readonly (readonly string[])[] =>
  text.split('\n').map((line) => line.trim().split(/\s+/));

/** Whether a name is a pattern, in which `*` stands for any characters. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
