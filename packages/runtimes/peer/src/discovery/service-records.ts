import type { Answer, SrvAnswer, TxtAnswer } from 'dns-packet';
import { isSameName, type Message } from './message.ts';

/**
 * Lifetimes of records in seconds: names and addresses may change, the existence of a service rarely does (RFC 6762,
 * 10).
 */
const HOST_TTL_SEC = 120;
const SERVICE_TTL_SEC = 4500;
/** Maximum lifetime that is accepted. */
const MAX_TTL_SEC = SERVICE_TTL_SEC;
/** Lower ports belong to system services; a gateway that announces itself has none of them. */
const MIN_PORT = 1024;
const MAX_TEXT = 128;
/** Queries the available service types (RFC 6763, 9). */
export const META_SERVICE = '_services._dns-sd._udp.local';

/** An announced gateway at one of its addresses. */
export interface Service {
  /** `robot-7`: label before the service type. */
  readonly label: string;
  /** Dotted quad. */
  readonly address: string;
  readonly port: number;
  /** The run of the gateway; absent if not announced, as with ros2_medkit. */
  readonly instance?: string;
  /** See `keyProof`. */
  readonly proof?: string;
}

/** All records of a service at its address. */
export interface ServiceRecords {
  readonly pointer: Answer;
  readonly meta: Answer;
  readonly server: SrvAnswer;
  readonly text: TxtAnswer;
  readonly host: Answer;
}

/** `ttlSec` 0 revokes the records. */
export function serviceRecords(type: string, { label, address, port, instance, proof }: Service, ttlSec?: 0) {
  const name = `${label}.${type}`;
  // A unique host name: the machine's name may belong to a responder of the system.
  const target = `medkit-${instance ?? label}.local`;
  const [host, service] = [ttlSec ?? HOST_TTL_SEC, ttlSec ?? SERVICE_TTL_SEC];
  const data = [
    ['txtvers', '1'],
    ['instance', instance],
    ['proof', proof],
  ].flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return {
    pointer: { name: type, type: 'PTR', class: 'IN', ttl: service, data: name },
    meta: { name: META_SERVICE, type: 'PTR', class: 'IN', ttl: service, data: type },
    server: { name, type: 'SRV', class: 'IN', ttl: host, flush: true, data: { port, target, priority: 0, weight: 0 } },
    text: { name, type: 'TXT', class: 'IN', ttl: service, flush: true, data },
    host: { name: target, type: 'A', class: 'IN', ttl: host, flush: true, data: address },
  } as const satisfies ServiceRecords;
}

/** Content of a message about a service. */
export type ServiceUpdate =
  | { readonly is: 'announced'; readonly service: Service; readonly ttlMs: number }
  | { readonly is: 'goodbye'; readonly label: string; readonly address: string }
  | { readonly is: 'bad_port' };

/**
 * Returns the services that the sender of a message announces or revokes at its own address. Statements about other
 * machines are ignored: any machine on the network could redirect this gateway.
 */
export function servicesIn(type: string, { answers, additionals }: Message, sender: string): readonly ServiceUpdate[] {
  const records = [...answers, ...additionals];
  return records.flatMap((record): readonly ServiceUpdate[] => {
    if (record.type !== 'PTR' || record.class !== 'IN' || !isSameName(record.name, type)) return [];
    const label = labelOf(record.data, type);
    if (label === undefined) return [];
    if (record.ttl === 0) return [{ is: 'goodbye', label, address: sender }];
    const server = records.find(
      (other): other is SrvAnswer => other.type === 'SRV' && isSameName(other.name, record.data) && other.ttl !== 0,
    );
    const isAtSender = records.some(
      (other) =>
        other.type === 'A' && server && isSameName(other.name, server.data.target) && String(other.data) === sender,
    );
    if (!server || !isAtSender) return [];
    const { port } = server.data;
    if (port < MIN_PORT) return [{ is: 'bad_port' }];
    const text = records.find(
      (other): other is TxtAnswer => other.type === 'TXT' && isSameName(other.name, record.data),
    );
    const service: Service = { label, address: sender, port, ...textOf(text) };
    return [{ is: 'announced', service, ttlMs: 1000 * Math.min(Number(server.ttl ?? 0), MAX_TTL_SEC) }];
  });
}

/** Returns `robot-7` for `robot-7._medkit._tcp.local`. */
function labelOf(name: string, type: string): string | undefined {
  const label = name.slice(0, -type.length - 1);
  return label !== '' && isSameName(name, `${label}.${type}`) ? label : undefined;
}

function textOf(text: TxtAnswer | undefined): Pick<Service, 'instance' | 'proof'> {
  const parts = [text?.data ?? []].flat().map(String);
  const textField = (key: string): string | undefined => {
    const found = parts.find((part) => part.startsWith(`${key}=`))?.slice(key.length + 1);
    return found !== undefined && /^[\x21-\x7e]+$/.test(found) && found.length <= MAX_TEXT ? found : undefined;
  };
  const [instance, proof] = [textField('instance'), textField('proof')];
  return { ...(instance !== undefined && { instance }), ...(proof !== undefined && { proof }) };
}
