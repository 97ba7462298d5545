import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MUTATIONS } from './mutations.ts';

/** Loaded before the tests with `--import`: replaces one rule by its mutant while the source is loaded, in memory only. */
const mutation = MUTATIONS[Number(process.env['MEDKIT_TEST_MUTATION'])];
if (!mutation) throw new Error('MEDKIT_TEST_MUTATION is no number of a mutation');
const { file, rule, mutant } = mutation;
const mutated = pathToFileURL(join(import.meta.dirname, '..', '..', file)).href;
let isLoaded = false;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== mutated || loaded.source === undefined || loaded.source === null) return loaded;
    isLoaded = true;
    return { ...loaded, source: String(loaded.source).replace(rule, () => mutant) };
  },
});

process.on('exit', () => {
  if (!isLoaded) console.error(`not loaded: ${file}`);
});
