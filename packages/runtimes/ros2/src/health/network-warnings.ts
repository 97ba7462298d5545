import type { Warning } from '@medkit/core';
import type { AdapterFacts } from '@medkit/ros2';

/** How long a network change is shown, as an explanation of missing data. */
const CHANGE_REPORT_MS = 600_000;

const HAPPENED = {
  added: 'appeared',
  removed: 'was removed',
  down: 'went down',
  up: 'came up',
  refused: 'was refused',
};

/** Warnings about the network between gateway and robot: current problems and recent changes. */
export function networkWarnings(facts: AdapterFacts): readonly Warning[] {
  return [...noNetwork(facts), ...downInterfaces(facts), ...changes(facts), ...sendFailures(facts)];
}

function noNetwork({ discoveryRange, interfaces }: AdapterFacts): readonly Warning[] {
  const isLocal = discoveryRange === 'LOCALHOST' || discoveryRange === 'OFF';
  if (isLocal || interfaces.some((address) => !address.startsWith('127.'))) return [];
  const message =
    'Only the loopback interface has an IPv4 address: only programs on this machine are discovered. ' +
    'Assign an address to an interface; medkit uses it immediately.';
  return [{ code: 'no_network', message }];
}

function downInterfaces({ interfacesDown, interfaces }: AdapterFacts): readonly Warning[] {
  const others = interfaces.filter((address) => !interfacesDown.includes(address));
  return interfacesDown.map((address) => ({
    code: 'interface_down',
    message:
      `The link of ${address} is down: ` +
      (others.length > 0
        ? `medkit reaches programs through ${others.join(', ')}.`
        : 'medkit reaches only programs on this machine until the link is up again.'),
  }));
}

function changes({ interfaceEvents }: AdapterFacts): readonly Warning[] {
  const recent = interfaceEvents.filter(({ agoMs }) => agoMs < CHANGE_REPORT_MS);
  if (recent.length === 0) return [];
  const list = recent
    .map(({ name, address, change, reason }) => `${name} ${address} ${HAPPENED[change]}${reason ? ` (${reason})` : ''}`)
    .join(', ');
  const message = `The network of this machine changed in the last ten minutes: ${list}. medkit announced itself again.`;
  return [{ code: 'network_changed', message }];
}

function sendFailures({
  datagrams: { sent, sendFailures: failed, hasFailedLately },
}: AdapterFacts): readonly Warning[] {
  if (!hasFailedLately) return [];
  const message =
    `Datagrams could not be sent in the last minute (${failed} of ${sent + failed} failed since the start): ` +
    'an interface is down, or a firewall rejects them.';
  return [{ code: 'datagrams_not_sent', message }];
}
