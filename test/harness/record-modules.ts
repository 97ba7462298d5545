import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/**
 * Preloaded into a program: writes the address of every loaded module to the file in this variable, a line each, and at
 * exit the names of Node's loaded built-in modules.
 */
const file = process.env['MEDKIT_TEST_LOADED_MODULES'];
const thread = isMainThread ? 'main' : 'worker';

registerHooks({
  load(url, context, next) {
    if (file !== undefined) appendFileSync(file, `${thread} ${url}\n`);
    return next(url, context);
  },
});

const { moduleLoadList } = process as { readonly moduleLoadList?: readonly string[] };
process.on('exit', () => {
  for (const name of moduleLoadList ?? []) if (file !== undefined) appendFileSync(file, `${thread} ${name}\n`);
});
