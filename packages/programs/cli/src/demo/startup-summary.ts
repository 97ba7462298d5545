import { DEFAULT_GATEWAY_URL } from '@medkit/client';
import { DEMO_DOMAIN_ID } from '@medkit/demo';
import { invocation } from '../command/invocation.ts';
import { medkitVersion } from '../command/version.ts';
import { gatewayAddresses } from '../gateway/gateway-addresses.ts';

/** Parts of a running demo. */
export interface StartedDemo {
  readonly url: string;
  readonly domainId: number;
  /** Address of the webhook receiver; undefined if nothing is delivered to it. */
  readonly receiver: string | undefined;
  /** Folder with update artifacts; undefined with a custom configuration. */
  readonly incoming: string | undefined;
  /** Address of the gateway of the safety gate; undefined if it does not run. */
  readonly island: string | undefined;
  /** Address of the broker of the fleet; undefined if it does not run. */
  readonly broker: string | undefined;
  /** Address of the PLC of the filling station; undefined if it does not run. */
  readonly plc: string | undefined;
}

/** Startup message with addresses and commands to try. */
export function startupSummary({ url, domainId, receiver, incoming, island, broker, plc }: StartedDemo): string {
  const medkit = invocation(process.env);
  const domain = domainId === DEMO_DOMAIN_ID ? '' : ` --domain ${domainId}`;
  const gateway = url === DEFAULT_GATEWAY_URL ? '' : ` --url ${url}`;
  const more = [
    ['Safety island', island && `${island}/ (also aggregated by the gateway above)`],
    ['Webhooks', receiver && `${receiver} (deliveries of the gateway)`],
    ['Updates', incoming],
    ['Filling station', plc && `${plc} (OPC UA PLC)`],
    ['MQTT broker', broker && `${broker} (VDA 5050 messages)`],
  ].filter((row): row is [string, string] => row[1] !== undefined);
  return [
    `medkit ${medkitVersion()}: the demo robot runs on DDS domain ${domainId} of the loopback interface`,
    '',
    gatewayAddresses(url, more),
    '',
    'Try in another shell:',
    `  curl ${url}/api/v1/apps/lidar_driver/data/scan`,
    `  ${medkit} apps${gateway}`,
    `  ${medkit} demo inject obstacle${domain}   (or battery, node-death, mute-node${plc === undefined ? '' : ', overpressure'})`,
    `  ${medkit} demo clear all${domain}`,
    ...(broker === undefined ? [] : [`  ${medkit} demo fleet -f${domain}`]),
    '',
    island === undefined
      ? 'Ctrl-C ends the robot and the gateway.'
      : 'Ctrl-C ends the robot, its safety gate and the gateways.',
  ].join('\n');
}
