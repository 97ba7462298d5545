import { CODES, FILES, faultDetail, faultItem, LOGS } from './faults.ts';
import { SCHEMAS } from './schemas.ts';
import { HALVES, LINKS, LONG, MARKUP, NUL, SCRIPT_LINK, SHORT_MARKUP, TEXTS, TURNED } from './texts.ts';
import { at, DEEP, DEEPEST, documentText, raw, TIMES, VALUE_NAMES, VALUES } from './values.ts';

const _links = { self: SCRIPT_LINK, next: LINKS[3], [SHORT_MARKUP]: LINKS[2] };

/** Resources of an app with documents of the wrong shape. */
const SHAPELESS: readonly unknown[] = [null, 7, MARKUP, [], { items: null }, { items: { length: 1e9 } }];
export const SHAPELESS_ITEMS = [
  null,
  7,
  MARKUP,
  [],
  {},
  { id: 7, name: {} },
  { id: null },
  { id: 'sound', name: 'sound' },
];

const dataItem = (id: string, place: number): unknown => ({
  id,
  name: at(TEXTS, place),
  category: MARKUP,
  href: at(LINKS, place),
  _links,
  'x-medkit': {
    ros2: { topic: at(TEXTS, place), type: MARKUP, direction: at(['__proto__', 'publish'], place) },
    member_ids: [SHORT_MARKUP],
    island: { unit: SHORT_MARKUP, type: MARKUP },
  },
});
const operation = (id: string, place: number): unknown => ({
  id,
  name: at(TEXTS, place),
  proximity_proof_required: false,
  asynchronous_execution: place % 2 === 1,
  'x-medkit': {
    ros2: { type: MARKUP },
    type_info: { request: raw(SCHEMAS[id]!), goal: place % 2 === 1 ? raw(SCHEMAS[id]!) : undefined },
  },
});
const parameter = (name: string, place: number): unknown => ({
  id: name,
  name,
  value: at([MARKUP, 7, [MARKUP], DEEP, LONG, { a: MARKUP }], place),
  type: at(['string', 'int', 'string_array', '__proto__', 'string', 'not_set'], place),
  description: at(TEXTS, place),
  constraints: at(TEXTS, place + 1),
  range: at(
    [
      { from: 10, to: 1, step: 0 },
      { from: 'NaN', to: MARKUP, step: {} },
      { from: 0, to: 1e300, step: 1e-300 },
    ],
    place,
  ),
});

const list = (items: readonly unknown[], about: object = {}): unknown => ({ items, _links, 'x-medkit': about });
const NAMES = [SHORT_MARKUP, '../../x', '__proto__', 'constructor', TURNED, HALVES] as const;

const EXECUTION = {
  id: MARKUP,
  of: 'operation',
  entity_type: 'app',
  entity_id: 'evil',
  operation_id: MARKUP,
  href: SCRIPT_LINK,
  status: 'running',
  error: MARKUP,
};

const entity = (type: string, id: string, more: object = {}): unknown => ({
  type,
  id,
  name: `${id} ${MARKUP}`,
  source: 'manifest',
  description: `${MARKUP} ${TURNED} ${SCRIPT_LINK}`,
  tags: [MARKUP, SCRIPT_LINK, TURNED],
  aliases: [MARKUP],
  capabilities: ['locks', 'x-evil', '../x'],
  identity: { manufacturer: MARKUP, serialNumber: TURNED, productUri: SCRIPT_LINK },
  metadata: { [SHORT_MARKUP]: MARKUP },
  component_type: MARKUP,
  variant: MARKUP,
  node: MARKUP,
  is_online: true,
  ...more,
});
const TREE = {
  gateway: { instance: 'evil-run' },
  items: [
    entity('area', 'evil_hall', { name: TURNED }),
    entity('component', 'evil_arm', { area: 'evil_hall', name: HALVES }),
    entity('app', 'evil', { component: 'evil_arm' }),
    entity('app', 'shapeless', { component: 'evil_arm', name: SCRIPT_LINK }),
    entity('app', 'deepest', { component: 'evil_arm', name: NUL }),
    entity('app', 'items', { component: 'evil_arm', name: LONG }),
    entity('function', 'evil_work', { hosts: ['evil', 'shapeless'] }),
    entity('app', '../etc'),
    entity('app', '<b>'),
  ],
};

const CALLS = ['data', 'operations', 'configurations', 'faults', 'logs', 'locks', 'status', 'triggers'] as const;

/** Its answer to a path below the base of the API, as JSON; 404 if absent. */
const DOCUMENTS: Readonly<Record<string, unknown>> = {
  '/x-medkit-tree': TREE,
  '/version-info': { sovd_info: [{ version: MARKUP, vendor_info: { name: MARKUP, version: MARKUP } }] },
  '/health': { status: MARKUP, warnings: [{ code: MARKUP, message: MARKUP }] },
  '/x-medkit-executions': list([EXECUTION]),
  '/faults': list(CODES.map(faultItem), { count: 1e21, failed_peers: [MARKUP] }),
  '/apps/evil/data': list([...VALUE_NAMES, ...NAMES].map(dataItem)),
  ...Object.fromEntries(
    Object.entries(VALUES).map(([name, data]) => [
      `/apps/evil/data/${name}`,
      {
        id: name,
        data,
        'x-medkit': {
          status: 'data',
          ros2: { topic: MARKUP, type: MARKUP },
          warnings: [MARKUP],
          publisher_count: 1e21,
          type_info: { schema: raw(SCHEMAS[name] ?? SCHEMAS.marked!), default_value: {} },
        },
      },
    ]),
  ),
  '/apps/evil/operations': list(Object.keys(SCHEMAS).map(operation)),
  ...Object.fromEntries(
    Object.keys(SCHEMAS).map((id, place) => [`/apps/evil/operations/${id}`, { item: operation(id, place) }]),
  ),
  ...Object.fromEntries(
    Object.keys(SCHEMAS).map((id) => [
      `/apps/evil/operations/${id}/executions`,
      list([{ id: SHORT_MARKUP }, { id: '../x' }]),
    ]),
  ),
  '/apps/evil/operations/deep/executions/x': {
    id: MARKUP,
    status: 'running',
    last_feedback: DEEP,
    error: MARKUP,
    created_at: TIMES[0],
    'x-medkit': { ros2_status: MARKUP },
  },
  '/apps/evil/configurations': list(
    NAMES.map((name) => ({ id: name, name, type: 'parameter' })),
    { parameters: NAMES.map(parameter), failed_members: [{ id: MARKUP, reason: MARKUP }] },
  ),
  '/apps/evil/faults': list(CODES.map(faultItem), {
    count: 8,
    muted_faults: [{ fault_code: MARKUP, root_cause_code: MARKUP, rule_id: MARKUP, delay_ms: 1 }],
  }),
  ...Object.fromEntries(CODES.map((code) => [`/apps/evil/faults/${code}`, faultDetail(code)])),
  '/apps/evil/logs': list(LOGS.items.map((line, place) => ({ id: `log_${place}`, ...line }))),
  '/apps/evil/status': {
    status: MARKUP,
    start: SCRIPT_LINK,
    restart: LINKS[2],
    'x-medkit': {
      state: MARKUP,
      warnings: [MARKUP],
      last_transition: { action: MARKUP, outcome: MARKUP, message: MARKUP, started_at: TIMES[0] },
    },
  },
  '/apps/evil/locks': list([
    {
      id: MARKUP,
      owned: false,
      scopes: [MARKUP],
      lock_expiration: TIMES[0],
      holder: MARKUP,
      entity: { type: 'app', id: 'evil' },
      acquired_at: TIMES[1],
      'x-medkit': { problem: MARKUP },
    },
  ]),
  '/apps/evil/bulk-data': { items: ['rosbags', SHORT_MARKUP] },
  '/apps/evil/bulk-data/rosbags': list(
    FILES.map((id) => ({
      id,
      name: `../../x"><img src=x onerror=alert(1)>`,
      mimetype: 'text/html',
      size: 12,
      creation_date: TIMES[0],
      description: MARKUP,
    })),
  ),
  '/apps/evil/x-evil': {
    [MARKUP]: MARKUP,
    '': '',
    [TURNED]: TURNED,
    prototype: raw('{"__proto__":{"harmed":1}}'),
    texts: TEXTS,
    items: TEXTS.map((text) => ({ [text]: text, name: SHORT_MARKUP })),
  },
  '/apps/deepest/x-evil': DEEPEST,
  '/apps/shapeless/x-evil': [1, null, [MARKUP], { [LONG]: LONG }],
  '/apps/items/x-evil': SHAPELESS_ITEMS,
  ...Object.fromEntries(CALLS.map((call, place) => [`/apps/shapeless/${call}`, SHAPELESS[place % SHAPELESS.length]])),
  ...Object.fromEntries(
    CALLS.map((call) => [`/apps/deepest/${call}`, list([{ id: 'deep', name: 'deep', data: DEEPEST }])]),
  ),
  // A careless reader would make it the prototype of an object.
  '/apps/deepest/data/prototype': { id: 'prototype', data: raw('{"__proto__":{"harmed":1}}') },
  '/apps/deepest/faults/X': DEEPEST,
  '/apps/deepest/data/x': { id: 'x', data: DEEPEST },
  '/apps/shapeless/faults/X': {},
  '/apps/shapeless/data/x': { data: 7, 'x-medkit': 7 },
  '/apps/shapeless/operations/x': { item: { 'x-medkit': null } },
  ...Object.fromEntries(
    CALLS.map((call) => [`/apps/items/${call}`, list(SHAPELESS_ITEMS, { parameters: SHAPELESS_ITEMS })]),
  ),
};

/** Its other entities have the resources of its app. */
const GROUP = /^\/(?:areas\/evil_hall|components\/evil_arm|functions\/evil_work)\//;

/** Returns the answer to a path without its query; `undefined` if there is none. */
export function documentAt(path: string): string | undefined {
  const normalized = path.replace(GROUP, '/apps/evil/');
  const document = Object.hasOwn(DOCUMENTS, normalized) ? DOCUMENTS[normalized] : undefined;
  return document === undefined ? undefined : documentText(document);
}
