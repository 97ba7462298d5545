import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { locatePlugin } from '../../packages/gateway/src/plugins/locate-plugin.ts';

const folder = mkdtempSync(join(tmpdir(), 'medkit-locate-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, contents: object): void {
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, 'package.json'), JSON.stringify(contents));
  writeFileSync(join(folder, path, 'index.js'), 'export const plugin = {};');
}
put('node_modules/pump', { version: '2.0.0', exports: { import: './index.js' } });
put('node_modules/@medkit/plugin-tank', { version: '3.0.0', main: 'index.js' });
put('node_modules/closed', { exports: { './other': './index.js' } });
put('here', { version: '4.0.0' });
mkdirSync(join(folder, 'bare'));
writeFileSync(join(folder, 'bare', 'pump.js'), '');

const locate = (name: string, path?: string) =>
  locatePlugin({ name, folder, isolated: false, memoryMb: 64, options: {}, ...(path !== undefined && { path }) });
const url = (path: string) => pathToFileURL(join(folder, path));

describe('a plugin (discovery 2.1)', () => {
  it('is found by its name, by the name of a package, in a folder and in a file', async () => {
    assert.deepEqual(await locate('pump'), { file: url('node_modules/pump/index.js'), version: '2.0.0' });
    assert.deepEqual(await locate('tank'), {
      file: url('node_modules/@medkit/plugin-tank/index.js'),
      version: '3.0.0',
    });
    assert.deepEqual((await locate('other', 'pump')).version, '2.0.0');
    assert.deepEqual(await locate('a', join(folder, 'here')), { file: url('here/index.js'), version: '4.0.0' });
    assert.deepEqual(await locate('a', join(folder, 'here/index.js')), {
      file: url('here/index.js'),
      version: '4.0.0',
    });
    assert.deepEqual(await locate('a', join(folder, 'bare/pump.js')), {
      file: url('bare/pump.js'),
      version: undefined,
    });
  });

  it('[edge] that is missing, or exports nothing, is reported with a remedy', async () => {
    const remedy = `installed near ${folder}: install it there with npm, or set plugins.nobody.path`;
    await assert.rejects(locate('nobody'), {
      message: `packages @medkit/plugin-nobody and nobody are not ${remedy}`,
    });
    await assert.rejects(locate('nobody', '@site/nobody'), { message: `package @site/nobody is not ${remedy}` });
    await assert.rejects(locate('nobody', join(folder, 'away')), /away does not exist: set plugins\.nobody\.path/);
    await assert.rejects(locate('nobody', 'closed'), /exports no module/);
  });
});
