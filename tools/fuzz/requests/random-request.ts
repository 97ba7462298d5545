import { ALL_ROUTES, API_BASE, type Route } from '@medkit/contract';
import { stringifyJson } from '@medkit/core';
import type { Random } from '@medkit/edges';
import type { JsonValue } from '@medkit/ros2';
import { corruptJson } from '../payloads/corrupt-json.ts';

export interface RandomRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const NAMES: readonly string[] = [
  'lidar_driver',
  'battery_monitor',
  'warehouse',
  'amr_01',
  'navigation',
  'scan',
  '%2Fscan',
  'front/left/scan',
  'cmd_vel',
  'battery_state',
  'lidar_driver:navigate_to_pose',
  'front/left/max_vel_x',
  'exec_1',
  'exec_2',
  'executions',
  'ODD',
  'NEAR',
  'rosbags',
  'fault_MOTOR_OVERHEAT_1770201000000',
  '..',
  '%2e%2e%2f',
  '%00',
  '%ff%fe',
  '%',
  '__proto__',
  'constructor',
  'toString',
  '',
  '*',
  ':app_id',
  '😀',
  'a%0d%0ab',
  'x'.repeat(300),
];
const METHODS: readonly string[] = ['GET', 'GET', 'GET', 'PUT', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'];
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  accept: ['*/*', 'text/html', 'application/xml', ';;;,q=', 'x'.repeat(2000)],
  'content-type': [
    'application/json',
    'application/json; charset=latin1',
    'multipart/form-data; boundary=b',
    'multipart/form-data',
    'text/plain',
    'application/',
    '\u00ff',
    '',
  ],
  range: ['bytes=0-3', 'bytes=-1', 'bytes=9-', 'bytes=5-1', 'bytes=0-1,3-4', 'lines=1-2', `bytes=${'9'.repeat(400)}-`],
  'if-range': ['"x"', 'Thu, 01 Jan 1970 00:00:00 GMT', ''],
  'content-length': ['0', '-1', '99999999999', '1e3', 'x'],
  'if-none-match': ['*', '"boot-1"', 'W/""', '"'.repeat(100)],
  host: ['localhost', '127.0.0.1:8080', 'evil.example', '', 'robot-01', '[::1]', 'a b', '%00'],
  origin: ['null', 'https://evil.example', 'http://localhost', '://'],
  authorization: ['Bearer x', 'Basic ???', 'Bearer '],
  'x-client-id': ['a', '', '__proto__', '\u00e4'],
  'transfer-encoding': ['identity', 'gzip'],
  'access-control-request-method': ['PUT', '???'],
};
const QUERIES: readonly string[] = [
  '',
  '',
  '',
  '?',
  '?a=1&a=2',
  '?__proto__[x]=1',
  '?limit=1e999',
  '?%',
  `?${'q='.repeat(200)}`,
];
const BODIES: readonly string[] = [
  '{"type":"geometry_msgs/msg/Twist","data":{"linear":{"x":1}}}',
  '{"data":{"linear":{"x":18446744073709551616}},"type":"geometry_msgs/msg/Twist"}',
  '{"type":7,"data":[]}',
  '{"__proto__":{"x":1},"data":{"\\u005f_proto__":1}}',
  '[1,2,3]',
  '"text"',
  'null',
  '',
  '{',
  '{"a":1}'.repeat(50),
  '['.repeat(5000),
  `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`,
  `{"data":${'9'.repeat(3000)}}`,
  '\u0000\ufeff{}',
];
const FILE_HEAD = '--b\r\ncontent-disposition: form-data; name="file"; filename="../../hall.pgm"\r\n';
/** Uploads, complete and truncated, with the boundary `b`. */
const UPLOADS: readonly string[] = [
  `${FILE_HEAD}content-type: image/png\r\n\r\n0123456789\r\n--b--\r\n`,
  `${FILE_HEAD}\r\n0123456789\r\n--b\r\ncontent-disposition: form-data; name="metadata"\r\n\r\n{"a":1}\r\n--b--\r\n`,
  `${FILE_HEAD}\r\n${'x'.repeat(2000)}`,
  `${FILE_HEAD}\r\n\r\n${FILE_HEAD}\r\n\r\n--b--\r\n`,
  `${'--b\r\ncontent-disposition: form-data; name="description"\r\n\r\nx\r\n'.repeat(40)}--b--\r\n`,
  '--b\r\ncontent-disposition: form-data; name="metadata"\r\n\r\n{"a":\r\n--b--\r\n',
  '--b--\r\n',
];
/** Chance that a part of a request matches the contract, so that the code after its check is reached. */
const FITTING = 0.7;

/**
 * Returns a request on a route of the contract or close to one, with typical mistakes of programs and people, and
 * worse.
 */
export function randomRequest(random: Random): RandomRequest {
  const pick = (limit: number) => Math.floor(random.float() * limit);
  const oneOf = <T>(values: readonly T[]): T => values[pick(values.length)];
  const isFitting = () => random.float() < FITTING;
  const route = oneOf(ALL_ROUTES);
  const filled =
    API_BASE + route.path.replaceAll(/\{(\w+)\}/g, (_, name) => (isFitting() ? exampleOf(route, name) : oneOf(NAMES)));
  const path = random.float() < 0.1 ? `/${Array.from({ length: pick(6) }, () => oneOf(NAMES)).join('/')}` : filled;
  const method = random.float() < 0.6 ? route.method.toUpperCase() : oneOf(METHODS);
  const headers: Record<string, string> = { host: 'localhost' };
  if (random.float() < 0.7) headers['content-type'] = 'application/json';
  for (let extra = pick(3); extra > 0; extra -= 1) {
    const name = oneOf(Object.keys(HEADERS));
    headers[name] = oneOf(HEADERS[name]);
  }
  const mayHaveBody = method !== 'GET' && method !== 'HEAD';
  const isUpload = route.body?.media !== undefined && isFitting();
  if (isUpload) headers['content-type'] = 'multipart/form-data; boundary=b';
  const text = isUpload ? oneOf(UPLOADS) : isFitting() ? likelyBody(route, random) : oneOf(BODIES);
  const body = mayHaveBody || random.float() < 0.1 ? spoiled(text, random) : undefined;
  return { method, path: path + (isFitting() ? likelyQuery(route, random) : oneOf(QUERIES)), headers, body };
}

function exampleOf({ parameters }: Route, name: string): string {
  return String(parameters.find((parameter) => parameter.name === name)?.example ?? '');
}

/** Returns an example of the route, usually with one member replaced; empty if the route reads no JSON. */
function likelyBody({ body }: Route, random: Random): string {
  const examples = Object.values(body?.examples ?? {}) as JsonValue[];
  if (examples.length === 0) return '';
  const example = examples[Math.floor(random.float() * examples.length)];
  return stringifyJson(random.float() < 0.3 ? example : corruptJson(example, random));
}

/** Returns some of the route's query parameters, with their examples or arbitrary values. */
function likelyQuery({ parameters }: Route, random: Random): string {
  const chosen = parameters.filter((parameter) => parameter.in === 'query' && random.float() < 0.5);
  const pairs = chosen.map(({ name, example }) => {
    const value = random.float() < FITTING ? example : NAMES[Math.floor(random.float() * NAMES.length)];
    return `${name}=${value}`;
  });
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Sometimes replaces a few characters. */
function spoiled(text: string, { float }: Random): string {
  if (float() < 0.5 || text.length === 0) return text;
  const at = Math.floor(float() * text.length);
  return (
    text.slice(0, at) + String.fromCharCode(Math.floor(float() * 256)) + text.slice(at + 1 + Math.floor(float() * 3))
  );
}

/** Formats the request as bytes for a connection. `Content-Length` is correct unless the request sets it. */
export function rawRequest({ method, path, headers, body = '' }: RandomRequest): Buffer {
  const length = Buffer.byteLength(body, 'latin1');
  const all = { 'content-length': String(length), ...headers, connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`, 'latin1');
}
