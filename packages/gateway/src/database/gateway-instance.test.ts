import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { gatewayInstance, type Machine } from './gateway-instance.ts';

const MACHINE: Machine = { hostname: 'amr-07', macs: ['02:00:00:00:00:02', '02:00:00:00:00:01'] };

/** A data folder in memory, and the instance name of its gateway. */
function dataFolder({ isReadOnly = false } = {}) {
  const texts = new Map<string, string>();
  const lines: string[] = [];
  const random = seededRandom(1);
  const files = {
    readText: async (path: string) => texts.get(path),
    remove: async (path: string) => void texts.delete(path),
    write: async (path: string, chunks: AsyncIterable<Uint8Array>) => {
      if (isReadOnly) throw new Error('EROFS');
      for await (const chunk of chunks) texts.set(path, Buffer.from(chunk).toString());
    },
  };
  const named = (machine = MACHINE, folder = '/data') =>
    gatewayInstance({ folder, files, random, machine, log: (_level, line) => void lines.push(line) });
  return { texts, lines, named };
}

describe('the name of a gateway among others', () => {
  it('is the same after a restart, in whatever order the machine lists its interfaces', async () => {
    const { named, lines } = dataFolder();
    const name = await named();
    assert.match(name, /^[0-9a-f]{12}$/);
    assert.equal(await named({ ...MACHINE, macs: MACHINE.macs.toReversed() }), name);
    assert.deepEqual(lines, []);
  });

  it('differs on another machine, in another folder, and with other data', async () => {
    const { named, texts } = dataFolder();
    const names = [
      await named(),
      await named({ ...MACHINE, hostname: 'amr-08' }),
      await named({ ...MACHINE, macs: ['02:00:00:00:00:03'] }),
    ];
    texts.set('/other/gateway.id', texts.get('/data/gateway.id') ?? '');
    names.push(await named(MACHINE, '/other'));
    texts.clear();
    names.push(await named());
    assert.equal(new Set(names).size, names.length);
  });

  it('is created again if the file contains something else', async () => {
    const { named, texts } = dataFolder();
    texts.set('/data/gateway.id', '\0\0\0');
    const name = await named();
    assert.match(texts.get('/data/gateway.id') ?? '', /^[0-9a-f]{32}\n$/);
    assert.equal(await named(), name);
  });

  it('lasts for one run if the folder is read-only, with a log message', async () => {
    const { named, lines } = dataFolder({ isReadOnly: true });
    assert.notEqual(await named(), await named());
    assert.match(lines[0] ?? '', /Cannot store the identity of this gateway in .*gateway\.id, so .*: EROFS/);
  });
});
