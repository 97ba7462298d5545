import { DEFAULT_GATEWAY_URL, gatewayUrl, InvalidGatewayUrl } from '@medkit/client';
import { addressProblem, PROTOCOL_VERSIONS, type RobotAddress } from '@medkit/vda5050';
import { dataAt } from '../entity-path.ts';
import type { Section } from '../section.ts';
import type { AgentConfig, BrokerSettings, GatewaySettings } from './agent-config.ts';

type Besides = (name: string) => string;

const BROKER_URL = /^(mqtts?|wss?):\/\/[^/@\s]+(\/[^@\s]*)?$/;
const KEEPALIVE_S = { least: 1, most: 3600 } as const;
const DEFAULT_KEEPALIVE_S = 15;
/** Minimum version that VDA 5050 requires (2.1.0, 6.2). Every broker supports it, and some reject MQTT 5. */
const DEFAULT_PROTOCOL = '3.1.1';
const DEFAULT_VERSION = '2.1.0';
const PORTS = { least: 0, most: 65_535 } as const;
const DEFAULT_HTTP = { host: '127.0.0.1', port: 8095 } as const;

export function readGateway(root: Section, besides: Besides): GatewaySettings {
  const section = root.section('gateway');
  const url = section?.text('url') ?? DEFAULT_GATEWAY_URL;
  const tokenFile = section?.text('token_file');
  const caFile = section?.text('ca_file');
  const publicUrl = section?.text('public_url');
  section?.finish();
  return {
    url: urlIn(section, 'url', url),
    ...(tokenFile !== undefined && { tokenFile: besides(tokenFile) }),
    ...(caFile !== undefined && { caFile: besides(caFile) }),
    ...(publicUrl !== undefined && { publicUrl: urlIn(section, 'public_url', publicUrl) }),
  };
}

function urlIn(section: Section | undefined, name: string, text: string): string {
  try {
    return gatewayUrl(text);
  } catch (error) {
    if (!(error instanceof InvalidGatewayUrl)) throw error;
    section?.refuse(name, error.message);
    return text;
  }
}

export function readBroker(root: Section, besides: Besides): BrokerSettings {
  const section = root.section('broker');
  if (section === undefined) {
    if (root.part('broker') === undefined) root.refuse('broker', 'is missing: { url: mqtt://… }');
    return { url: '', protocol: DEFAULT_PROTOCOL, keepaliveS: DEFAULT_KEEPALIVE_S };
  }
  const url = section.needed('url');
  if (url !== '' && !BROKER_URL.test(url)) {
    section.refuse('url', 'expected mqtt://host:port, mqtts://, ws:// or wss://, without user name and password');
  }
  const protocol = section.choice('protocol', ['3.1.1', '5']) ?? DEFAULT_PROTOCOL;
  const username = section.text('username');
  const keepaliveS = section.number('keepalive_s', KEEPALIVE_S) ?? DEFAULT_KEEPALIVE_S;
  const file = (name: string) => {
    const path = section.text(name);
    return path === undefined ? undefined : besides(path);
  };
  const files = {
    passwordFile: file('password_file'),
    caFile: file('ca_file'),
    certFile: file('cert_file'),
    keyFile: file('key_file'),
  };
  if ((files.certFile === undefined) !== (files.keyFile === undefined)) {
    section.refuse('cert_file', 'cert_file and key_file must be set together');
  }
  section.finish();
  const there = Object.fromEntries(Object.entries(files).filter(([, path]) => path !== undefined));
  return { url, protocol, keepaliveS, ...(username !== undefined && { username }), ...there };
}

export function readRobot(root: Section): RobotAddress {
  const section = root.section('robot');
  const version = section?.choice('version', PROTOCOL_VERSIONS) ?? DEFAULT_VERSION;
  if (section === undefined) {
    if (root.part('robot') === undefined) root.refuse('robot', 'is missing: { version, manufacturer, serial }');
    return { version, manufacturer: '', serialNumber: '' };
  }
  const interfaceName = section.text('interface');
  const robot: RobotAddress = {
    version,
    ...(interfaceName !== undefined && { interfaceName }),
    manufacturer: section.needed('manufacturer'),
    serialNumber: section.needed('serial'),
  };
  section.finish();
  const problem = robot.manufacturer === '' || robot.serialNumber === '' ? undefined : addressProblem(robot);
  if (problem !== undefined) root.refuse('robot', problem);
  return robot;
}

export function readHttp(root: Section): AgentConfig['http'] {
  const part = root.part('http');
  if (part === undefined) return DEFAULT_HTTP;
  if (part.kind === 'value' && ['off', 'false'].includes(part.text)) return undefined;
  const section = root.section('http');
  const host = section?.text('host') ?? DEFAULT_HTTP.host;
  const port = section?.number('port', PORTS) ?? DEFAULT_HTTP.port;
  section?.finish();
  return { host, port };
}

/** `feed: { topic: { entity: apps/vda_client, data: /vda5050/errors } }`. */
export function readFeedTopic(root: Section): AgentConfig['feedTopic'] {
  const section = root.section('feed');
  const topic = section?.section('topic');
  section?.finish();
  if (topic === undefined) return undefined;
  const entity = topic.needed('entity');
  const data = topic.needed('data');
  topic.finish();
  const found = dataAt(`${entity}/data/${data}`);
  if (found) return { ...found, at: topic.at };
  if (entity !== '' && data !== '')
    topic.refuse('entity', `expected an entity such as apps/vda_client, found "${entity}"`);
  return undefined;
}
