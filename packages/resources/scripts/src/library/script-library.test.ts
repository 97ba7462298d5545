import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { errorOf } from '@medkit/core/testing';
import { seededRandom } from '@medkit/edges';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { digestOf, ScriptLibrary } from './script-library.ts';

const LIDAR = 'apps/lidar_driver';
const CONTENT = Buffer.from('echo fine\n');
const FILE = '/scripts/apps/lidar_driver/check/script.sh';
const isNeverTaken = () => false;

describe('the library of scripts', () => {
  let files: MemoryFiles;
  let library: ScriptLibrary;
  let log: string[];
  const upload = (filename: string, more: object = {}) => ({ filename, content: CONTENT, ...more });
  const codeOf = async (promise: Promise<unknown>) => (await errorOf(promise)).code;

  const libraryOf = (seed: number) =>
    new ScriptLibrary({
      folder: '/scripts',
      files,
      clock: new SimulatedClock(),
      random: seededRandom(seed),
      log: (_level, message) => log.push(message),
    });

  beforeEach(() => {
    files = new MemoryFiles();
    log = [];
    library = libraryOf(1);
  });

  it('stores an upload under its file name, with its digest', async () => {
    const script = await library.add(LIDAR, upload('check.sh', { description: 'Is it there' }), isNeverTaken);
    assert.equal(script.id, 'check');
    assert.equal(script.name, 'check.sh');
    assert.equal(script.sha256, digestOf(CONTENT));
    assert.deepEqual(await library.list(LIDAR), [script]);
    assert.deepEqual(await library.content(LIDAR, script), CONTENT);
    assert.deepEqual([...files.contents.keys()].sort(), [
      '/scripts/apps/lidar_driver/check/metadata.json',
      '/scripts/apps/lidar_driver/check/script.sh',
    ]);
    assert.deepEqual(await library.list('apps/other'), []);
    await library.remove(LIDAR, 'check');
    assert.equal(files.contents.size, 0);
  });

  it('leaves room to others while one client uploads as many as it can', async () => {
    const add = (n: number, uploader: string) =>
      library.add(`apps/a${Math.floor(n / 100)}`, upload(`s${n}.sh`, { uploader }), isNeverTaken);
    for (let n = 0; n < 250; n += 1) await add(n, 'user:greedy');
    const { code, parameters } = await errorOf(add(250, 'user:greedy'));
    assert.deepEqual([code, parameters], ['rate-limit-exceeded', { limit: 500, held: 250 }]);
    await add(250, 'user:other');
    assert.deepEqual(library.quota.figures(), { held: 251, capacity: 500, owners: 2, largest: 250, refused: 1 });
    await library.remove('apps/a0', 's0');
    await add(0, 'user:greedy');
  });

  it('counts the scripts of a client after a restart', async () => {
    for (let n = 0; n < 3; n += 1)
      await library.add(LIDAR, upload(`s${n}.sh`, { uploader: 'user:kiosk' }), isNeverTaken);
    await library.add('components/pc', upload('check.sh'), isNeverTaken);
    // An earlier medkit version stored no uploader.
    await library.add('apps/camera', upload('old.sh'), isNeverTaken);
    // Folders without a script of this gateway.
    files.contents.set('/scripts/apps/not an id/x/metadata.json', CONTENT);
    files.contents.set('/scripts/apps/camera/damaged/metadata.json', CONTENT);
    const later = libraryOf(2);
    await later.load();
    assert.deepEqual(later.quota.figures(), { held: 5, capacity: 500, owners: 1, largest: 3, refused: 0 });
    await later.remove(LIDAR, 's0');
    assert.equal(later.quota.heldBy('user:kiosk'), 2);
  });

  it('assigns an id to a file whose name is not an id', async () => {
    const script = await library.add(LIDAR, upload('my check.py'), isNeverTaken);
    assert.match(script.id, /^script_\d+_[0-9a-f]{8}$/);
    assert.equal(script.format, 'python');
  });

  it('adds a number to an id that exists, also for two concurrent uploads', async () => {
    const both = await Promise.all([
      library.add(LIDAR, upload('check.sh'), isNeverTaken),
      library.add(LIDAR, upload('check.py'), isNeverTaken),
    ]);
    assert.deepEqual(
      both.map(({ id, name }) => [id, name]),
      [
        ['check', 'check.sh'],
        ['check_2', 'check.py'],
      ],
    );
    assert.equal((await library.add(LIDAR, upload('check.sh'), isNeverTaken)).id, 'check_3');
    assert.equal((await library.add(LIDAR, upload('other.sh'), (id) => id === 'other')).id, 'other_2');
    await library.remove(LIDAR, 'check_2');
    assert.equal((await library.add(LIDAR, upload('check.sh'), isNeverTaken)).id, 'check_2');
  });

  describe('that was found on disk in the layout of ros2_medkit', () => {
    const lay = (folder: string, metadata: unknown, file = 'script.bash') => {
      files.contents.set(`/scripts/${folder}/metadata.json`, Buffer.from(JSON.stringify(metadata)));
      files.contents.set(`/scripts/${folder}/${file}`, CONTENT);
    };

    it('is listed for apps and components of that id', async () => {
      const metadata = { name: 'Inject latency', description: 'Delays topics', format: 'bash' };
      lay('lidar_driver/inject-latency', metadata);
      const [script] = await library.listOnDisk(LIDAR);
      assert.deepEqual(script, { ...metadata, id: 'inject-latency', parameters_schema: null, files: ['script.bash'] });
      assert.deepEqual(await library.listOnDisk('components/lidar_driver'), [script]);
      assert.deepEqual(await library.onDiskContent(LIDAR, script!), CONTENT);
      assert.deepEqual(await library.list(LIDAR), [], 'nobody uploaded it');
      assert.equal((await library.add(LIDAR, upload('inject-latency.sh'), isNeverTaken)).id, 'inject-latency_2');
    });

    it('may omit metadata, or name its file', async () => {
      const schema = { type: 'object' };
      lay('lidar_driver/a', { filename: 'probe.py', parameters_schema: schema }, 'probe.py');
      lay('lidar_driver/b', {}, 'script.sh');
      lay('lidar_driver/c', { filename: '../../etc/passwd', format: 'python' }, 'script.py');
      lay('lidar_driver/d', { format: 'perl' });
      const found = await library.listOnDisk(LIDAR);
      assert.deepEqual(
        found.map(({ id, name, format, files }) => [id, name, format, ...files]),
        [
          ['a', 'a', 'python', 'script.py', 'probe.py'],
          ['b', 'b', 'sh', 'script.sh'],
          ['c', 'c', 'python', 'script.py'],
        ],
      );
      assert.deepEqual(found[0]?.parameters_schema, schema);
      assert.deepEqual(await library.onDiskContent(LIDAR, found[0]!), CONTENT);
      assert.match(log.join(), /d\/metadata\.json is ignored/);
    });

    it('is not an upload, a path or a link', async () => {
      await library.add(LIDAR, upload('check.sh'), isNeverTaken);
      lay('apps/check', { name: 'an entity called apps' });
      assert.deepEqual(await library.listOnDisk('components/apps'), []);
      assert.equal(await library.findOnDisk(LIDAR, '../apps'), undefined);
      lay('lidar_driver/leads', {}, 'script.sh');
      files.links.set('/scripts/lidar_driver/leads/script.sh', '/etc/shadow');
      const script = await library.findOnDisk(LIDAR, 'leads');
      assert.equal(await codeOf(library.onDiskContent(LIDAR, script!)), 'precondition-not-fulfilled');
    });

    it('can be removed if its folder is writable', async () => {
      lay('lidar_driver/check', {});
      const { remove } = files;
      files.remove = async () => {
        throw Object.assign(new Error('read-only'), { code: 'EROFS' });
      };
      assert.equal(await codeOf(library.removeOnDisk(LIDAR, 'check')), 'x-medkit-managed-script');
      files.remove = remove;
      await library.removeOnDisk(LIDAR, 'check');
      assert.deepEqual(await library.listOnDisk(LIDAR), []);
    });
  });

  it('returns no content that was changed since the upload', async () => {
    const script = await library.add(LIDAR, upload('check.sh'), isNeverTaken);
    for (const changed of ['echo evil\n', 'echo longer than before\n']) {
      files.contents.set(FILE, Buffer.from(changed));
      assert.equal(await codeOf(library.content(LIDAR, script)), 'precondition-not-fulfilled');
    }
    files.contents.delete(FILE);
    assert.equal(await codeOf(library.content(LIDAR, script)), 'precondition-not-fulfilled');
  });

  it('follows no link of a file or an entity', async () => {
    const script = await library.add(LIDAR, upload('check.sh'), isNeverTaken);
    files.contents.set('/elsewhere/script.sh', CONTENT);
    files.links.set(FILE, '/elsewhere/script.sh');
    assert.equal(await codeOf(library.content(LIDAR, script)), 'precondition-not-fulfilled');
    files.contents.set('/elsewhere/metadata.json', files.contents.get(FILE.replace('script.sh', 'metadata.json'))!);
    files.contents.set('/elsewhere/check/metadata.json', files.contents.get('/elsewhere/metadata.json')!);
    files.links.set('/scripts/apps/lidar_driver', '/elsewhere');
    assert.equal(await library.find(LIDAR, 'check'), undefined);
    assert.equal(log.length, 1);
    await assert.rejects(library.add(LIDAR, upload('new.sh'), isNeverTaken), /resolves to \/elsewhere/);
    assert.equal(
      [...files.contents.keys()].some((path) => path.includes('.incoming')),
      false,
    );
  });

  it('may itself be a link, which is the choice of the operator', async () => {
    files.contents.set('/data/.keep', CONTENT);
    files.links.set('/scripts', '/data');
    await library.add(LIDAR, upload('check.sh'), isNeverTaken);
    assert.equal((await library.list(LIDAR)).length, 1);
  });

  it('accepts no path as an entity or a script', async () => {
    for (const owner of ['../..', 'apps/..', 'apps/a/../b', 'areas/hall', '/etc', 'apps/', `apps/${'x'.repeat(256)}`]) {
      assert.equal(await codeOf(library.list(owner)), 'invalid-parameter', owner);
      assert.equal(await codeOf(library.add(owner, upload('check.sh'), isNeverTaken)), 'invalid-parameter', owner);
    }
    files.contents.set('/etc/metadata.json', CONTENT);
    for (const id of ['..', '../../../etc', 'a/b', '']) assert.equal(await library.find(LIDAR, id), undefined);
  });

  it('skips damaged scripts, and logs that once', async () => {
    await library.add(LIDAR, upload('check.sh'), isNeverTaken);
    const path = '/scripts/apps/lidar_driver/check/metadata.json';
    const whole = JSON.parse(Buffer.from(files.contents.get(path)!).toString());
    for (const text of [
      '',
      '[]',
      'null',
      JSON.stringify({ ...whole, id: 'other' }),
      JSON.stringify({ ...whole, format: 'perl' }),
    ]) {
      files.contents.set(path, Buffer.from(text));
      assert.deepEqual(await library.list(LIDAR), [], text);
    }
    assert.equal(log.length, 1);
  });

  it('limits the scripts of an entity', async () => {
    for (let index = 0; index < 100; index++) await library.add(LIDAR, upload(`check_${index}.sh`), isNeverTaken);
    assert.equal(await codeOf(library.add(LIDAR, upload('one_more.sh'), isNeverTaken)), 'x-medkit-storage-full');
    await library.add('apps/other', upload('check.sh'), isNeverTaken);
  });

  it('reports a full disk, and leaves nothing behind', async () => {
    files.failure = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    assert.equal(await codeOf(library.add(LIDAR, upload('check.sh'), isNeverTaken)), 'x-medkit-storage-full');
    assert.equal(files.contents.size, 0);
  });
});
