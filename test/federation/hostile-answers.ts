import type { Random } from '@medkit/edges';

/** How the bytes of an answer are sent. */
export type Manner = 'whole' | 'in pieces' | 'cut' | 'never ends' | 'endless';

/** An answer of a malicious or broken gateway. */
export interface HostileAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly manner: Manner;
}

// 500 is missing: it would be an error of the requesting gateway.
const STATUSES = [
  200, 200, 200, 200, 200, 201, 202, 204, 207, 301, 302, 307, 304, 400, 401, 404, 409, 503, 504, 599, 600,
];
const TYPES = [
  'application/json',
  'application/json',
  'application/json; charset=utf-16',
  'text/event-stream',
  'text/html',
  'multipart/byteranges',
  'application/octet-stream',
  ';;',
];
const MANNERS: readonly Manner[] = ['whole', 'whole', 'whole', 'whole', 'in pieces', 'in pieces', 'cut'];
const IDS = [
  'own',
  'victim',
  'hall',
  '..',
  '.',
  '',
  'a/b',
  'a%2fb',
  '%',
  '%00',
  '__proto__',
  'constructor',
  'bad__bad__own',
  '_inner',
  'x'.repeat(300),
  'ä',
  'a b',
  '\r\nx: y',
  '-1',
];

/** Generates answers from a seed; addresses in them point to `foreignUrl`. */
export function hostileAnswers(random: Random, foreignUrl: string) {
  const upTo = (count: number): number => Math.floor(random.float() * count);
  const pick = <T>(items: readonly T[]): T => items[upTo(items.length)] as T;
  const chance = (share: number): boolean => random.float() < share;

  const value = (depth: number): unknown => {
    const kind = upTo(depth > 3 ? 8 : 11);
    if (kind === 0) return null;
    if (kind === 1) return chance(0.5);
    if (kind === 2) return pick([0, -1, 1e308, 2 ** 53, 0.1, -0]);
    if (kind === 3) return pick(IDS);
    if (kind === 4) return foreignUrl;
    if (kind === 5) return `${foreignUrl}/api/v1/apps/own`;
    if (kind === 6) return `/api/v1/apps/${pick(IDS)}/data`;
    if (kind === 7) return 'y'.repeat(upTo(300));
    if (kind === 8) return Array.from({ length: upTo(4) }, () => value(depth + 1));
    return fields(depth + 1);
  };
  const NAMES = [
    'id',
    'name',
    'href',
    'items',
    'x-medkit',
    'partial',
    'failed_peers',
    'count',
    'entity_id',
    'toString',
  ];
  const fields = (depth: number): object =>
    Object.fromEntries(Array.from({ length: upTo(5) }, () => [pick(NAMES), value(depth)]));

  const TREE_NAMES = [
    ...['name', 'description', 'translation_id', 'tags', 'aliases', 'capabilities', 'metadata', 'available'],
    ...['gateways', 'parent', 'area', 'component', 'depends_on', 'hosts', 'identity', 'node', 'is_online', 'external'],
  ];
  const treeItem = (): unknown => ({
    type: chance(0.9) ? pick(['area', 'component', 'app', 'function']) : value(0),
    id: chance(0.9) ? pick(IDS) : value(0),
    source: pick(['manifest', 'heuristic']),
    ...Object.fromEntries(Array.from({ length: upTo(6) }, () => [pick(TREE_NAMES), chance(0.3) ? IDS : value(0)])),
  });
  /** Entities that are nested in a cycle. */
  const chain = (length: number): readonly unknown[] =>
    Array.from({ length }, (_, at) => ({ type: 'area', id: `c${at}`, parent: `c${(at + length - 1) % length}` }));
  const tree = (): string => {
    if (chance(0.0002)) return JSON.stringify({ gateway: { instance: 'bad' }, items: chain(pick([9999, 10_001])) });
    const items = chance(0.02) ? chain(upTo(300)) : Array.from({ length: upTo(8) }, treeItem);
    return JSON.stringify({ gateway: chance(0.9) ? { instance: pick(['bad', 'head']) } : value(0), items });
  };
  const list = (): string =>
    JSON.stringify({
      items: chance(0.9) ? Array.from({ length: upTo(5) }, () => value(0)) : value(0),
      'x-medkit': value(0),
    });
  const text = (): string => {
    const kind = upTo(14);
    if (kind < 4) return tree();
    if (kind < 8) return list();
    if (kind === 8) return JSON.stringify(value(0));
    if (kind === 9) return pick(['[', '{"a":', '{"__proto__":1,"b":']).repeat(1 + upTo(6000));
    if (kind === 10) return `{"items":[{"id":"n","data":${'9'.repeat(1 + upTo(400))}}],"x-medkit":{"count":1e999}}`;
    if (kind === 11)
      return `event: tree\ndata: {"etag":"\\"${upTo(1e6)}\\""}\n\nevent: tree\ndata: ${'z'.repeat(upTo(2000))}`;
    if (kind === 12) return tree().slice(0, -1 - upTo(20));
    return '<script>1</script>';
  };
  const octets = (): Buffer => {
    if (chance(0.03)) return Buffer.from(Array.from({ length: upTo(200) }, () => upTo(256)));
    if (chance(0.0005)) return Buffer.alloc(11_000_000, ' ');
    return Buffer.from(text());
  };
  const ETAGS = ['"1"', 'W/"1"', '"\u00e9"', '', ',', `"${'e'.repeat(4000)}"`];
  const headersFor = (length: number): HostileAnswer['headers'] => [
    ['content-type', pick(TYPES)],
    ...(chance(0.8) ? [] : [['location', pick([foreignUrl, '//', '/api/v1/apps/own', '\u00ff'])] as const]),
    ...(chance(0.7) ? [] : [['etag', pick(ETAGS)] as const]),
    ...(chance(0.9) ? [] : [['set-cookie', 'a=b'] as const]),
    ...(chance(0.95) ? [] : [['refresh', `0; url=${foreignUrl}`] as const]),
    ...(chance(0.97) ? [] : [['content-encoding', 'gzip'] as const]),
    ...(chance(0.99) ? [] : [['x-long', 'h'.repeat(20_000)] as const]),
    ...(chance(0.1)
      ? []
      : [['content-length', `${pick([length, length, length, length, length + 7, 3, -1, 'x', 1e15])}`] as const]),
  ];
  return {
    answer(): HostileAnswer {
      const body = octets();
      const manner = chance(0.004) ? pick(['never ends', 'endless'] as const) : pick(MANNERS);
      return {
        status: chance(0.005) ? pick([101, 100, 0, 99, 999]) : pick(STATUSES),
        headers: headersFor(body.length),
        body,
        manner,
      };
    },
    pick,
    upTo,
  };
}
