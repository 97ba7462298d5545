import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Notice } from '@medkit/documents';
import { MemoryFiles, SimulatedClock } from '@medkit/edges/testing';
import { StoreBusy, StoreFull } from '@medkit/store';
import { faultStore } from '../../testing/robot-faults.ts';
import { bagShelf } from '../files/open-bag.ts';
import { type CatalogueOptions, RecordingCatalogue } from './catalogue.ts';
import type { CatalogueRecording } from './recording-rows.ts';

const recording = (code: string, ms: number, fields: Partial<CatalogueRecording> = {}): CatalogueRecording => ({
  id: `fault_${code}_${ms}`,
  faultCodes: [code],
  path: `/bags/fault_${code}_${ms}`,
  format: 'mcap',
  octets: 100,
  durationMs: 6000,
  createdAtNs: BigInt(ms),
  ...fields,
});

/** A catalogue of in-memory files. */
function opened(maxPerFault = 1, maxOctets = 1_000_000) {
  const clock = new SimulatedClock();
  const store = faultStore(clock);
  const files = new MemoryFiles();
  const notices: Notice[] = [];
  const options: CatalogueOptions = {
    store,
    shelf: bagShelf(files),
    files,
    bounds: { maxPerFault, maxOctets },
    clock,
    notice: (notice) => notices.push(notice),
  };
  const catalogue = new RecordingCatalogue(options);
  const write = (each: CatalogueRecording): void => {
    files.contents.set(`${each.path}/metadata.yaml`, Buffer.from('-'));
  };
  return {
    clock,
    store,
    files,
    notices,
    options,
    catalogue,
    write,
    /** Adds recordings that are on disk, one at a time. */
    enter: async (...recordings: readonly CatalogueRecording[]) => {
      for (const each of recordings) {
        write(each);
        await store.write(catalogue.entering(each));
        catalogue.changed();
        await catalogue.clearAway();
      }
    },
    unlink: async (...codes: readonly string[]) => {
      const rows = await catalogue.unlink(codes);
      await catalogue.clearAway();
      return rows;
    },
    idsOf: async (...codes: readonly string[]) => (await catalogue.ofFaults(codes)).map(({ id }) => id),
    /** Returns the names of the folders on disk. */
    onDisk: () => [...new Set([...files.contents.keys()].map((path) => path.split('/')[2]))].sort(),
  };
}

describe('the catalogue of recordings', () => {
  it('R01: names a recording without a name after its folder', async () => {
    const { store, catalogue, write } = opened();
    const unnamed = recording('A', 1, { id: '', format: '' });
    write(unnamed);
    await store.write(catalogue.entering(unnamed));
    assert.deepEqual(await catalogue.ofFaults(['A']), [recording('A', 1, { format: 'sqlite3' })]);
  });

  it('R02, R05: stores a limited number for each fault, the newest first, or all', async () => {
    const three = opened(3);
    await three.enter(recording('A', 1), recording('A', 2), recording('A', 3));
    assert.deepEqual(await three.idsOf('A'), ['fault_A_3', 'fault_A_2', 'fault_A_1']);
    assert.equal(three.onDisk().length, 3);
    const all = opened(0);
    for (let ms = 1; ms <= 6; ms += 1) await all.enter(recording('A', ms));
    assert.equal((await all.idsOf('A')).length, 6);
  });

  it('R03, R04: removes the oldest of a fault beyond that, with its files', async () => {
    const two = opened(2);
    await two.enter(recording('A', 1), recording('B', 1), recording('A', 2), recording('A', 3));
    assert.deepEqual(await two.idsOf('A'), ['fault_A_3', 'fault_A_2']);
    assert.deepEqual(two.onDisk(), ['fault_A_2', 'fault_A_3', 'fault_B_1']);
    const one = opened();
    await one.enter(recording('A', 1), recording('A', 2));
    assert.deepEqual([await one.idsOf('A'), one.onDisk()], [['fault_A_2'], ['fault_A_2']]);
  });

  it('keeps the newest recording even if the clock was set back', async () => {
    const it = opened(1, 250);
    await it.enter(recording('A', 9000), recording('B', 9000), recording('A', 10, { octets: 200 }));
    assert.deepEqual(it.onDisk(), ['fault_A_10']);
  });

  it('R06, R07: corrects an existing recording, and leaves its position', async () => {
    const it = opened(0);
    const [first, second] = [recording('A', 5), recording('A', 5, { id: 'fault_A_6', path: '/bags/fault_A_6' })];
    await it.enter(first, second);
    await it.store.write(it.catalogue.entering({ ...first, octets: 4096, durationMs: 9000 }));
    await it.catalogue.clearAway();
    assert.deepEqual(await it.catalogue.ofFaults(['A']), [second, { ...first, octets: 4096, durationMs: 9000 }]);
    assert.deepEqual(it.onDisk(), ['fault_A_5', 'fault_A_6']);
    const one = opened(1);
    await one.enter(first, second);
    assert.deepEqual(one.onDisk(), ['fault_A_6']);
  });

  it('R08, R16: keeps the files of a shared recording until its last fault is removed', async () => {
    const it = opened();
    await it.enter(recording('A', 1, { faultCodes: ['A', 'B', 'C'] }), recording('A', 2));
    assert.deepEqual(it.onDisk(), ['fault_A_1', 'fault_A_2']);
    assert.equal(await it.unlink('B'), 1);
    assert.deepEqual(it.onDisk(), ['fault_A_1', 'fault_A_2']);
    await it.enter(recording('C', 3));
    assert.deepEqual(it.onDisk(), ['fault_A_2', 'fault_C_3']);

    const batch = opened();
    await batch.enter(recording('A', 1, { faultCodes: ['A', 'B'] }), recording('B', 2, { faultCodes: ['A', 'B'] }));
    assert.deepEqual(batch.onDisk(), ['fault_B_2']);
  });

  it('R09, R13: finds a recording by its name with all its faults, and none by another', async () => {
    const it = opened();
    const shared = recording('B', 1, { faultCodes: ['A', 'B', 'C'] });
    await it.enter(shared);
    assert.deepEqual(await it.catalogue.named('fault_B_1'), shared);
    assert.deepEqual(await it.catalogue.ofFaults(['C', 'A', 'Z']), [shared]);
    assert.equal(await it.catalogue.named('fault_B_2'), undefined);
    assert.deepEqual(await it.catalogue.ofFaults(['Z']), []);
  });

  it('R10: removes a recording by name with all its faults, and faults by code', async () => {
    const it = opened(0);
    await it.enter(recording('A', 1, { faultCodes: ['A', 'B'] }), recording('A', 2), recording('C', 3));
    assert.equal(await it.catalogue.remove('fault_A_1'), 2);
    assert.equal(await it.catalogue.remove('fault_A_1'), 0);
    assert.equal(await it.catalogue.remove(''), 0);
    assert.deepEqual(it.onDisk(), ['fault_A_2', 'fault_C_3']);
    await it.enter(recording('B', 4));
    assert.equal(await it.unlink('A', 'B', 'Z'), 2);
    assert.equal(await it.unlink('C', 'A'), 1);
    assert.deepEqual(it.onDisk(), []);
  });

  it('R11, R12: counts a shared recording once, with the size of its largest row', async () => {
    const it = opened();
    await it.enter(recording('A', 1, { faultCodes: ['A', 'B'], octets: 500 }), recording('C', 2, { octets: 400 }));
    await it.store.write([{ sql: "UPDATE rosbag_files SET size_bytes = 400 WHERE fault_code = 'B'" }]);
    assert.deepEqual(await it.catalogue.totals(), { recordings: 2, octets: 900 });
    assert.deepEqual(await opened().catalogue.totals(), { recordings: 0, octets: 0 });
  });

  it('reads the totals again only after a change, or when they are 30 s old', async () => {
    const it = opened();
    let reads = 0;
    const read: CatalogueOptions['store']['read'] = (...query) => {
      reads += 1;
      return it.store.read(...query);
    };
    const counted = new RecordingCatalogue({ ...it.options, store: { read, write: it.store.write } });
    await it.enter(recording('A', 1), recording('B', 2));
    for (let scrape = 0; scrape < 3; scrape += 1) assert.equal((await counted.totals()).recordings, 2);
    assert.equal(reads, 1);
    await counted.unlink(['A']);
    assert.deepEqual([(await counted.totals()).recordings, reads], [1, 2]);
    it.clock.advance(30_000);
    assert.deepEqual([(await counted.totals()).recordings, reads], [1, 3]);
    await assert.rejects(
      new RecordingCatalogue({
        ...it.options,
        store: { ...it.store, read: () => Promise.reject(new StoreBusy('x')) },
      }).totals(),
      StoreBusy,
    );
  });

  it('B05: removes whole recordings to meet the total limit, the oldest first', async () => {
    const a = opened(0, 1000);
    await a.enter(recording('A', 1, { faultCodes: ['A', 'B', 'C'], octets: 1000 }), recording('D', 2, { octets: 600 }));
    assert.deepEqual([a.onDisk(), (await a.catalogue.totals()).octets], [['fault_D_2'], 600]);
    assert.deepEqual(await a.idsOf('A', 'B', 'C'), []);

    const b = opened(0, 300);
    const shared = recording('A', 1, { faultCodes: ['A', 'B'], octets: 500 });
    const solo = recording('C', 2, { octets: 400 });
    for (const each of [shared, solo]) b.write(each);
    await b.store.write(b.catalogue.adopting(shared));
    await b.store.write(b.catalogue.adopting(solo));
    await b.catalogue.clearAway();
    assert.deepEqual([b.onDisk(), (await b.catalogue.totals()).octets], [[], 0], 'none of them was just made');
  });

  it('B23: keeps a single recording that exceeds the total limit, and no other', async () => {
    const it = opened(0, 300);
    await it.enter(recording('A', 1), recording('B', 2, { octets: 400 }));
    assert.deepEqual(it.onDisk(), ['fault_B_2']);
  });

  it('R14: keeps a recording complete if its rows cannot be removed', async () => {
    const it = opened();
    await it.enter(recording('A', 1));
    const locked = new RecordingCatalogue({
      ...it.options,
      store: { read: it.store.read, write: () => Promise.reject(new StoreBusy('too much waits')) },
    });
    await assert.rejects(locked.unlink(['A']), StoreBusy);
    assert.deepEqual([await it.idsOf('A'), it.onDisk()], [['fault_A_1'], ['fault_A_1']]);
  });

  it('recognises a recording whose folder was moved, but not a copy of a recording still in place', async () => {
    const it = opened();
    const [moved, copied] = [recording('A', 1, { faultCodes: ['A', 'B'] }), recording('C', 2)];
    await it.enter(moved, copied);
    it.files.contents.delete(`${moved.path}/metadata.yaml`);
    const relocated = [moved, copied].map((each) => ({ ...each, path: each.path.replace('/bags', '/disk') }));
    for (const each of relocated) it.write(each);
    assert.equal(await it.catalogue.followTo('/disk/fault_A_1'), true);
    assert.equal(await it.catalogue.followTo('/disk/fault_C_2'), false);
    assert.equal(await it.catalogue.followTo('/disk/fault_Z_9'), false, 'one of no books');
    const places = (await it.catalogue.ofFaults(['A', 'B', 'C'])).map(({ path }) => path);
    assert.deepEqual(places.sort(), ['/bags/fault_C_2', '/disk/fault_A_1']);
    await it.catalogue.clearAway();
    assert.ok(it.files.contents.has('/disk/fault_A_1/metadata.yaml'));
  });

  it('retries a failed removal later, also after a crash between rows and files', async () => {
    const it = opened();
    await it.enter(recording('A', 1));
    const failing = new RecordingCatalogue({
      ...it.options,
      shelf: { remove: () => Promise.reject(new Error('EBUSY')) },
    });
    await failing.unlink(['A']);
    await failing.clearAway();
    assert.match(it.notices[0].text, /the recording \/bags\/fault_A_1 cannot be removed: EBUSY/);
    assert.deepEqual(it.onDisk(), ['fault_A_1']);
    await it.catalogue.clearAway();
    assert.deepEqual(it.onDisk(), []);
    assert.deepEqual(await it.store.read('SELECT * FROM recording_removals'), []);
  });

  it('removes nothing that is not named like a recording, whatever path the database has', async () => {
    const it = opened();
    for (const path of ['/', '/home', '/bags/fault_A_x', 'fault_A_1', '/bags/fault_../_1']) {
      it.files.contents.set(`${path}/precious`, Buffer.from('-'));
      await it.enter(recording('A', 1, { path }));
      await it.unlink('A');
    }
    assert.equal([...it.files.contents.keys()].filter((path) => path.endsWith('precious')).length, 5);
    assert.match(it.notices[0].text, /\/ does not have the name of a recording: it is not removed/);
  });

  it('drops a recording whose files are missing when it is requested, but not if a whole disk is missing', async () => {
    const it = opened(0);
    await it.enter(recording('A', 1, { faultCodes: ['A', 'B'] }), recording('A', 2));
    it.files.contents.delete('/bags/fault_A_1/metadata.yaml');
    assert.equal(await it.catalogue.named('fault_A_1'), undefined);
    assert.deepEqual((await it.catalogue.totals()).recordings, 1);
    assert.match(it.notices[0].text, /Rosbag file not found on disk: \/bags\/fault_A_1/);
    it.files.contents.clear();
    assert.deepEqual(await it.idsOf('A'), []);
    it.write(recording('A', 2));
    assert.deepEqual(await it.idsOf('A'), ['fault_A_2']);
  });

  it('returns no more recordings than a list may have', async () => {
    const it = opened(0, 1e12);
    await it.store.write(Array.from({ length: 1001 }, (_, ms) => it.catalogue.entering(recording('A', ms))[0]));
    it.files.stateOf = async (path) => ({ path, isFile: false, isFolder: true, bytes: 0, modifiedMs: 0, mode: 0o700 });
    const listed = await it.idsOf('A');
    assert.deepEqual([listed.length, listed[0], listed.at(-1)], [1000, 'fault_A_1000', 'fault_A_1']);
  });

  it('removes no entry if the files cannot be removed, because that frees no space', async () => {
    const it = opened(0);
    await it.enter(recording('A', 1), recording('B', 2));
    const stuck = new RecordingCatalogue({
      ...it.options,
      shelf: { remove: () => Promise.reject(new Error('EROFS')) },
    });
    assert.equal(await stuck.shed(), false);
    assert.deepEqual(await it.idsOf('A', 'B'), ['fault_B_2', 'fault_A_1']);
  });

  it('removes the oldest if the disk is full, even if that cannot be recorded', async () => {
    const it = opened(0);
    await it.enter(recording('A', 1), recording('B', 2), recording('C', 3));
    assert.equal(await it.catalogue.shed(), true);
    assert.deepEqual(it.onDisk(), ['fault_B_2', 'fault_C_3']);
    const full = new RecordingCatalogue({
      ...it.options,
      store: { read: it.store.read, write: () => Promise.reject(new StoreFull('no room')) },
    });
    assert.equal(await full.shed(), true);
    assert.deepEqual(it.onDisk(), ['fault_C_3']);
    assert.equal(await full.shed(), true);
    assert.equal(await full.shed(), false);
    assert.deepEqual(it.onDisk(), []);
    assert.deepEqual([await it.idsOf('A', 'B', 'C'), it.onDisk()], [[], []]);
  });
});
