import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entityIdProblem, type JsonValue } from '@medkit/core';
import { seededRandom } from '@medkit/edges';
import { listsOf, MAX_ENTITIES, treeIn } from './tree-items.ts';

const tree = (...items: readonly JsonValue[]): JsonValue => ({ gateway: { instance: 'y1' }, items: [...items] });
const idsIn = (document: JsonValue) => treeIn(document, 'yard').entities.map(({ entity }) => entity.id);

describe('the tree in a document of another gateway', () => {
  it('belongs to that gateway, with the path of every entity', () => {
    const pump = { type: 'app', id: 'pump', name: 'Pump', source: 'manifest', component: 'skid', gateways: ['z9'] };
    const { instance, entities } = treeIn(tree({ ...pump, is_online: true }), 'yard');
    assert.equal(instance, 'y1');
    assert.deepEqual(entities, [
      {
        entity: {
          kind: 'app',
          id: 'pump',
          name: 'Pump',
          source: 'peer:yard',
          online: true,
          componentId: 'skid',
          address: { runtime: 'yard', nativeId: 'apps/pump', via: ['z9', 'y1'] },
        },
        isDeclared: true,
      },
    ]);
  });

  it('leaves out items without an id, with an invalid id, with an unknown type, or repeated', () => {
    const items: readonly JsonValue[] = [
      { type: 'app', id: 'good' },
      { type: 'app', id: 'good', name: 'again' },
      { type: 'app', id: '../../etc' },
      { type: 'app', id: '_inner' },
      { type: 'robot', id: 'r2' },
      { type: 'app' },
      { type: 'app', id: 7 },
      null,
      'text',
    ];
    assert.deepEqual(idsIn(tree(...items)), ['good']);
  });

  it('leaves out items that came through eight gateways', () => {
    const gateways = Array.from({ length: 8 }, (_, at) => `g${at}`);
    assert.deepEqual(idsIn(tree({ type: 'app', id: 'far', gateways }, { type: 'app', id: 'near', gateways: ['g1'] })), [
      'near',
    ]);
  });

  it('is invalid with too many entities, without a list of them, or without a gateway instance', () => {
    const many = Array.from({ length: MAX_ENTITIES + 1 }, (_, at) => ({ type: 'app', id: `a${at}` }));
    assert.throws(() => treeIn(tree(...many), 'yard'), /10001 entities, more than 10000/);
    assert.throws(() => treeIn({ gateway: { instance: 'y' } }, 'yard'), /no list of entities/);
    for (const gateway of [{}, { instance: 'a, b' }, { instance: 'x'.repeat(65) }, null, 'y'] as JsonValue[]) {
      assert.throws(() => treeIn({ gateway, items: [] }, 'yard'), /no instance of a gateway/);
    }
  });

  it('causes no harm, whatever it contains: ids are ids, texts are texts and bounded', () => {
    const random = seededRandom(7);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random.float() * of.length)] as T;
    const anything = (depth: number): JsonValue => {
      if (depth > 2 || random.float() < 0.6) {
        return pick<JsonValue>([null, true, -1, 2n ** 63n, '', 'a', '../x', 'x'.repeat(5000), '__proto__', 'apps/x']);
      }
      if (random.float() < 0.5) return Array.from({ length: 3 }, () => anything(depth + 1));
      return Object.fromEntries(['id', 'items', 'href', 'x-a'].map((name) => [name, anything(depth + 1)]));
    };
    const fields = ['name', 'source', 'tags', 'aliases', 'capabilities', 'parent', 'area', 'component', 'hosts'];
    const more = ['depends_on', 'identity', 'metadata', 'gateways', 'is_online', 'available', 'node', 'description'];
    for (let round = 0; round < 2000; round++) {
      const item = Object.fromEntries([...fields, ...more].map((name) => [name, anything(0)]));
      const type = pick<JsonValue>(['app', 'area', 'component', 'function', anything(1)]);
      const { entities } = treeIn(tree({ ...item, type, id: pick<JsonValue>(['a', 'b-c', anything(0)]) }), 'yard');
      for (const { entity } of entities) {
        assert.equal(entityIdProblem(entity.id), undefined);
        const texts = [entity.name, entity.description ?? '', ...(entity.tags ?? []), ...(entity.aliases ?? [])];
        assert.ok(texts.every((text) => typeof text === 'string' && text.length <= 4096));
        assert.ok((entity.capabilities ?? []).every((name) => /^x-|^locks$|^scripts$/.test(name)));
      }
      assert.equal(Object.values(listsOf(entities.map(({ entity }) => entity))).flat().length, entities.length);
    }
  });
});
