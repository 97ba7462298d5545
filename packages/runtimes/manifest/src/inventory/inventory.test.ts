import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { loadManifest } from '../load/load-manifest.ts';
import { loadText, manifestFiles, PATHS, rulesOf, textOf } from '../testing/load-text.ts';
import { readCsv } from './csv.ts';

const cells = (text: string) => readCsv(text).map((row) => row.cells);

describe('comma-separated values', () => {
  it('may be quoted, and keep commas, line ends and quotes there', () => {
    assert.deepEqual(cells('a,"b, c","say ""hi""","two\nlines"\n'), [['a', 'b, c', 'say "hi"', 'two\nlines']]);
  });

  it('are trimmed unless they are quoted, also before an opening quote', () => {
    assert.deepEqual(cells(' a , b ,  " c "'), [['a', 'b', ' c ']]);
  });

  it('lose byte order mark, carriage returns and blank lines', () => {
    assert.deepEqual(cells('\uFEFFid,name\r\n\r\n  \r\nx,y\r\n'), [
      ['id', 'name'],
      ['x', 'y'],
    ]);
  });

  it('know the line that each row begins on', () => {
    assert.deepEqual(
      readCsv('id\n"a\nb"\n\nc').map(({ line }) => line),
      [1, 2, 5],
    );
  });

  it('are read to the end if a quote is never closed', () => {
    assert.deepEqual(cells('a,"b\nc'), [['a', 'b\nc']]);
  });

  it('survive writing and reading, whatever they contain', () => {
    const random = seededRandom(7);
    const letters = ['a', ',', '"', '\n', ' ', '\t'];
    for (let round = 0; round < 300; round++) {
      const rows = Array.from({ length: 3 }, () => [
        'x',
        ...Array.from({ length: 3 }, () =>
          Array.from({ length: 4 }, () => letters[Math.floor(random.float() * letters.length)]).join(''),
        ),
      ]);
      const text = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n');
      assert.deepEqual(cells(text), rows, JSON.stringify(text));
    }
  });
});

describe('inventory (spec 1.4, CSV table)', () => {
  const load = (inventory: string, manifest = 'areas: [{id: hall}]') => loadText({ manifest, inventory });
  const componentsOf = async (...args: Parameters<typeof load>) =>
    (await load(...args)).manifest?.entities.components ?? [];

  it('of very many columns and rows takes time in proportion to its length', async () => {
    const columns = Array.from({ length: 50_000 }, (_, at) => `c${at}`);
    const rows = Array.from({ length: 50_000 }, (_, at) => `r${at}`);
    const { manifest } = await load(`id,${columns.join(',')}\n${rows.join('\n')}`);
    assert.equal(manifest?.entities.components.length, 50_000);
  });

  it('has a component for each row; other columns are stored under their names, those without a name are not', async () => {
    const [asset] = await componentsOf('ID,Manufacturer,FW,Cost Center,,area\nplc,Siemens,2.9,77,ignored,hall');
    assert.deepEqual(asset, {
      id: 'plc',
      areaId: 'hall',
      kind: 'component',
      name: 'Siemens',
      source: 'inventory',
      identity: {
        manufacturer: 'Siemens',
        firmwareVersion: '2.9',
        extra: { 'Cost Center': '77' },
        provenance: {
          manufacturer: 'inventory',
          firmware_version: 'inventory',
          'extra.Cost Center': 'inventory',
        },
      },
    });
  });

  it('that is missing causes a finding, and the load continues', async () => {
    const files = manifestFiles({ manifest: 'areas: [{id: hall}]' });
    const loaded = await loadManifest({ files, paths: PATHS, strict: true });
    assert.ok(loaded.manifest);
    assert.deepEqual(rulesOf(loaded), ['INVENTORY_ROW /etc/assets.csv']);
  });

  it('that is empty, has no column id, or is larger than 1 MiB fails the load', async () => {
    for (const text of ['', '\n \n', 'name,model\na,b', `id\n${'x'.repeat(1_048_576)}`]) {
      const loaded = await load(text);
      assert.equal(loaded.manifest, undefined);
      assert.deepEqual(rulesOf(loaded, false), ['INVENTORY_CSV']);
    }
  });

  it('row without an id is left out', async () => {
    const loaded = await load('id,model\n,A\nb,B');
    assert.deepEqual(rulesOf(loaded), ['INVENTORY_ROW /etc/assets.csv:2']);
    assert.equal(loaded.manifest?.entities.components.length, 1);
  });

  it('row with an id that an earlier one has is left out', async () => {
    const loaded = await load('id,model\na,first\na,second');
    assert.equal(loaded.manifest?.entities.components[0]?.identity?.model, 'first');
    assert.match(textOf(loaded), /^\[INVENTORY_ROW\].*:2: the first row is used \(at \/etc\/assets\.csv:3\)$/);
  });

  it('row for a component of the manifest fills its nameplate, below what the manifest says', async () => {
    const [plc, ...rest] = await componentsOf(
      'id,manufacturer,model\nplc,Other,S7-1500',
      'components: [{id: plc, name: PLC, identity: {manufacturer: Siemens}}]',
    );
    assert.deepEqual(rest, []);
    assert.equal(plc?.source, 'manifest');
    assert.deepEqual(plc?.identity, {
      manufacturer: 'Siemens',
      model: 'S7-1500',
      provenance: { manufacturer: 'manifest', model: 'inventory' },
    });
  });

  it('row with the id of an app is a separate entity, since ids are unique per kind', async () => {
    const [asset] = await componentsOf('id,model\nlidar_driver,TiM781', 'apps: [{id: lidar_driver}]');
    assert.equal(asset?.id, 'lidar_driver');
  });

  it('row in an unknown area keeps the asset and loses the area', async () => {
    const loaded = await load('id,area\na,cellar');
    assert.equal('areaId' in (loaded.manifest?.entities.components[0] ?? {}), false);
    assert.deepEqual(rulesOf(loaded), ['INVENTORY_ROW /etc/assets.csv:2']);
  });

  it('row that is short leaves its fields empty, and one with a wrong id refuses the manifest', async () => {
    assert.equal((await componentsOf('id,model,area\na'))[0]?.identity, undefined);
    assert.deepEqual(rulesOf(await load('id\na b')), ['M002 /etc/assets.csv:2']);
  });
});
