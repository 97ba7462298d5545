import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EntityScript, ExecutionSummary } from '@medkit/contract';
import {
  confinementOf,
  languageOfFile,
  lastRuns,
  matchingScripts,
  runParameters,
  runSchema,
  scriptKey,
} from './script-facts.ts';

const script = (id: string, entity_id = 'lidar_driver'): EntityScript => ({
  id,
  name: `${id}.sh`,
  description: 'Free memory',
  entity_type: 'app',
  entity_id,
});

describe('a script', () => {
  it('has the language of its file', () => {
    assert.deepEqual(['a.py', 'a.bash', 'a.sh', 'a'].map(languageOfFile), ['python', 'bash', 'sh', 'sh']);
  });

  it('is confined by bubblewrap only; a plugin decides for its scripts', () => {
    assert.deepEqual(
      ['plain', 'bubblewrap', 'container', undefined].map((runner) => confinementOf(runner)),
      ['unconfined', 'confined', 'plugin', undefined],
    );
  });

  it('is found by its entity and by words of its name, description and entity', () => {
    const all = [script('check'), script('reset', 'nav2_planner')];
    const ids = (entity: string, words: string) => matchingScripts(all, { entity, words }).map(({ id }) => id);
    assert.deepEqual(ids('', ''), ['check', 'reset']);
    assert.deepEqual(ids('app/nav2_planner', ''), ['reset']);
    assert.deepEqual(ids('', 'MEMORY nav2'), ['reset']);
    assert.deepEqual(ids('', 'nothing'), []);
  });

  it('has the newest of its runs; executions of operations do not count', () => {
    const run = (id: string, of: 'script' | 'operation') =>
      ({ id, of, entity_type: 'app', entity_id: 'lidar_driver', script_id: 'check' }) as ExecutionSummary;
    const last = lastRuns([run('goal', 'operation'), run('exec_002', 'script'), run('exec_001', 'script')]);
    assert.equal(last.get(scriptKey(script('check')))?.id, 'exec_002');
  });

  it('takes its declared parameters, or any parameters as JSON', () => {
    const declared = { properties: { beams: { type: 'integer' } } };
    assert.deepEqual(runSchema({ parameters_schema: declared }, '').schema, { type: 'object', ...declared });
    assert.deepEqual(runParameters({ beams: 16 }, true), { beams: 16 });
    assert.equal(runSchema({}, 'JSON').isDeclared, false);
    assert.deepEqual(runParameters({ parameters: { a: 1 } }, false), { a: 1 });
    assert.equal(runParameters({}, false), undefined);
    assert.equal(runParameters({}, true), undefined);
  });
});
