import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SAFETY_GATE } from '../testing/safety-gate.ts';
import { decodeDeclaration } from './decode-declaration.ts';
import { readDeclaration } from './read-declaration.ts';

type Json = Record<string, unknown>;

/** Applies `change` to a copy of the safety gate and returns the problem found when reading it. */
function problemAfter(change: (json: Json, app: Json, ports: Json[], faults: Json[]) => void): string {
  const json = structuredClone(SAFETY_GATE) as unknown as Json;
  const [app] = json['apps'] as [Json];
  change(json, app, app['ports'] as Json[], app['faults'] as Json[]);
  const read = readDeclaration(json);
  return 'problem' in read ? read.problem : 'none';
}

/** Returns `count` results of `make`. */
const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('a declaration', () => {
  it('is read as it was written, without unknown members', () => {
    const newer = { ...SAFETY_GATE, colour: 'red', area: { ...SAFETY_GATE.area, floor: 2 } };
    assert.deepEqual(readDeclaration(newer), { declaration: SAFETY_GATE });
  });

  it('may have nothing but a name', () => {
    const least = { runtime: 'PLC', components: [], apps: [] };
    assert.deepEqual(readDeclaration(least), { declaration: least });
  });

  it('may have every known member', () => {
    const whole = structuredClone(SAFETY_GATE) as unknown as Json & { apps: { ports: Json[]; faults: Json[] }[] };
    Object.assign(whole.apps[0]!, { description: 'stops' });
    Object.assign(whole.apps[0]!.ports[2]!, { name: 'Threshold', label: 'stop', blocks_motion: true });
    Object.assign(whole.apps[0]!.faults[0]!, { ports: ['min_range_m', 'stop_threshold_m'] });
    assert.deepEqual(readDeclaration(whole), { declaration: whole });
  });

  const WRONG: readonly (readonly [Parameters<typeof problemAfter>[0], RegExp])[] = [
    [(json) => delete json['runtime'], /^runtime is missing: expected a text$/],
    [(json) => Object.assign(json, { runtime: 7 }), /^runtime is 7: expected a text$/],
    [(json) => Object.assign(json, { runtime: 'x'.repeat(257) }), /^runtime has 257 characters: at most 256/],
    [(json) => Object.assign(json, { area: null }), /^area is null: expected an object$/],
    [(json) => Object.assign(json, { area: { id: 'a b', name: 'A' } }), /^area\.id is "a b": expected 1 to 64 letters/],
    [(json) => Object.assign(json, { area: { id: 'a' } }), /^area\.name is missing/],
    [(json) => delete json['components'], /^components is missing: expected a list$/],
    [
      (json) => Object.assign(json, { components: many(2, () => ({ id: 'c', name: 'C' })) }),
      /^components\[1\]\.id is "c", which is already declared$/,
    ],
    [(json) => Object.assign(json, { apps: {} }), /^apps is an object: expected a list$/],
    [(json) => Object.assign(json, { apps: [7] }), /^apps\[0\] is 7: expected an object$/],
    [
      (json, app) => Object.assign(json, { apps: [app, app] }),
      /^apps\[1\]\.id is "safety_gate", which is already declared$/,
    ],
    [
      (json, app) => Object.assign(json, { apps: many(65, (id) => ({ ...app, id: `a${id}`, faults: [] })) }),
      /^apps makes 65 in total: at most 64/,
    ],
    [
      (_, app) => Object.assign(app, { component: 'arm' }),
      /^apps\[0\]\.component is "arm": expected the id of one of the components$/,
    ],
    [(_, app) => delete app['ports'], /^apps\[0\]\.ports is missing/],
    [(_, app) => delete app['faults'], /^apps\[0\]\.faults is missing/],
    [
      (_, app, [port]) => Object.assign(app, { ports: [port, port] }),
      /^apps\[0\]\.ports\[1\]\.id is "commanded_vx", which is/,
    ],
    [
      (_, __, ports) => Object.assign(ports[1]!, { type: 'int' }),
      /^apps\[0\]\.ports\[1\]\.type is "int": expected one of float64, int64, bool$/,
    ],
    [
      (_, __, ports) => Object.assign(ports[2]!, { of: 'gone' }),
      /^apps\[0\]\.ports\[2\]\.of is "gone": expected the id of another port/,
    ],
    [(_, __, ports) => Object.assign(ports[2]!, { of: 'stop_threshold_m' }), /\.of is "stop_threshold_m"/],
    [
      (_, __, ports) => Object.assign(ports[2]!, { role: 'limit' }),
      /\.role is "limit": expected one of threshold, measured, commanded$/,
    ],
    [
      (_, __, ports) => Object.assign(ports[0]!, { blocks_motion: 'yes' }),
      /\.blocks_motion is "yes": expected true or false$/,
    ],
    [
      (_, __, ports) => Object.assign(ports[0]!, { unit: {} }),
      /^apps\[0\]\.ports\[0\]\.unit is an object: expected a text$/,
    ],
    [
      (_, app) => Object.assign(app, { ports: many(257, (id) => ({ id: `p${id}`, type: 'bool' })) }),
      /^apps\[0\]\.ports makes 257 in total: at most 256/,
    ],
    [
      (json, app) => Object.assign(json, { apps: [app, { ...app, id: 'b' }] }),
      /^apps\[1\]\.faults\[0\]\.code is "PROTECTIVE_STOP", which is already declared$/,
    ],
    [
      (_, __, ___, faults) => Object.assign(faults[0]!, { code: 'stop' }),
      /^apps\[0\]\.faults\[0\]\.code is "stop": expected "A" to "Z"/,
    ],
    [
      (_, __, ___, faults) => Object.assign(faults[0]!, { severity: 4 }),
      /\.severity is 4: expected one of 0, 1, 2, 3$/,
    ],
    [(_, __, ___, faults) => delete faults[0]!['description'], /^apps\[0\]\.faults\[0\]\.description is missing/],
    [
      (_, __, ___, faults) => Object.assign(faults[0]!, { ports: ['gone'] }),
      /^apps\[0\]\.faults\[0\]\.ports\[0\] is "gone": expected the id of a port of this app$/,
    ],
    [
      (_, __, ___, faults) => Object.assign(faults[0]!, { ports: many(2, () => 'min_range_m') }),
      /\.ports\[1\] is "min_range_m", which/,
    ],
    [
      (_, app) => Object.assign(app, { faults: many(65, (id) => ({ code: `F${id}`, severity: 0, description: '' })) }),
      /^apps\[0\]\.faults makes 65 in total: at most 64/,
    ],
  ];

  it('is refused with a message that names the member and the problem', () => {
    for (const [change, expected] of WRONG) assert.match(problemAfter(change), expected);
  });

  it('counts ports over all apps', () => {
    const ports = (count: number) => many(count, (id) => ({ id: `p${id}`, type: 'bool' }));
    const apps = [200, 57].map((count, at) => ({ id: `a${at}`, name: 'A', ports: ports(count), faults: [] }));
    const read = readDeclaration({ ...SAFETY_GATE, apps });
    assert.deepEqual(read, { problem: 'apps[1].ports makes 257 in total: at most 256 are allowed' });
  });

  it('is refused if it is missing, a list, or has members only by its prototype', () => {
    assert.deepEqual(readDeclaration([]), { problem: 'the declaration is a list: expected an object' });
    assert.deepEqual(readDeclaration(undefined), { problem: 'the declaration is missing: expected an object' });
    const inherited = readDeclaration(Object.create(SAFETY_GATE));
    assert.deepEqual(inherited, { problem: 'runtime is missing: expected a text' });
  });

  it('is JSON in UTF-8', () => {
    assert.deepEqual(decodeDeclaration(Buffer.from(JSON.stringify(SAFETY_GATE))), { declaration: SAFETY_GATE });
    for (const octets of [Buffer.from('{'), Uint8Array.of(0x22, 0xff, 0x22), Buffer.from('['.repeat(60_000))]) {
      const read = decodeDeclaration(octets);
      assert.match('problem' in read ? read.problem : '', /^the declaration is not JSON in UTF-8: /);
    }
  });
});
