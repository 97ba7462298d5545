import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { app } from '../testing/entities.ts';
import type { App } from './entity.ts';
import { KindIndex } from './kind-index.ts';

const IDS = Array.from({ length: 12 }, (_, at) => `app_${String(at).padStart(2, '0')}`);

describe('the index of a kind', () => {
  it('finds its entities after reusing the previous index, which still finds its own', () => {
    for (let seed = 0; seed < 100; seed += 1) {
      const random = seededRandom(seed);
      let apps: readonly App[] = [];
      let index = new KindIndex(apps);
      const all = [index];
      for (let step = 0; step < 12; step += 1) {
        const knownById = new Map(apps.map((known) => [known.id, known]));
        apps = IDS.filter(() => random.float() < 0.7).map((id) => {
          const known = knownById.get(id);
          return known && random.float() < 0.8 ? known : app(id, { name: `${seed} ${step}`, aliases: [`/${id}`] });
        });
        index = new KindIndex(apps, index);
        all.push(index);
        for (const lookup of random.float() < 0.5 ? all : [index]) {
          for (const id of IDS) {
            const had = lookup.all.find((known) => known.id === id);
            const found = [
              lookup.get(id),
              lookup.resolve(`/${id}`),
              lookup.resolve(id.replace('_', '-')),
              lookup.has(id),
            ];
            assert.deepEqual(found, [had, had, had, had !== undefined], `seed ${seed} step ${step} ${id}`);
          }
        }
      }
    }
  });

  it('reuses the lookup tables of the previous index, and does not visit unchanged entities', () => {
    let looks = 0;
    const watched = (id: string): App =>
      new Proxy(app(id), {
        get: (entity, field) => {
          if (field === 'id') looks += 1;
          return Reflect.get(entity, field);
        },
      });
    const apps = IDS.map(watched);
    const first = new KindIndex(apps);
    assert.equal(first.get('app_07'), apps[7]);
    assert.equal(looks, IDS.length);
    const more = new KindIndex([...apps, app('late')], first);
    assert.deepEqual([more.get('app_07') === apps[7], more.has('late'), looks], [true, true, IDS.length]);
    assert.deepEqual([first.get('late'), first.get('app_03') === apps[3]], [undefined, true]);
  });
});
