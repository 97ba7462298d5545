import type { Component, NameplateField } from '@medkit/core';
import type { Declared } from '../document/manifest.ts';
import { present } from '../document/present.ts';
import { type Finding, finding } from '../validation/finding.ts';
import { assetComponent, NAMEPLATE_NAMES } from './asset.ts';
import { readCsv } from './csv.ts';

/** Columns that are no part of a nameplate. */
const ID = 'id';
const AREA = 'area';

const FIELD_OF: ReadonlyMap<string, NameplateField> = new Map(
  Object.entries(NAMEPLATE_NAMES).flatMap(([field, names]) =>
    names.map((name) => [name, field as NameplateField] as const),
  ),
);

export interface InventoryReading {
  readonly assets: readonly Declared<Component>[];
  readonly findings: readonly Finding[];
}

/** Reads an inventory: one asset a row. A column that is neither placement nor nameplate is kept under its own name. */
export function readInventory(text: string, file: string): InventoryReading {
  const [header, ...rows] = readCsv(text);
  const refused = (message: string): InventoryReading => ({
    assets: [],
    findings: [finding('INVENTORY_CSV', header ? `${file}:${header.line}` : file, message)],
  });
  if (!header) return refused('the inventory is empty: its first line names the columns');
  const columns = header.cells.map((name) => name.trim());
  const names = columns.map((name) => name.toLowerCase());
  if (!names.includes(ID)) return refused('the inventory has no column "id"');

  const findings: Finding[] = [];
  const assets = new Map<string, Declared<Component>>();
  for (const { line, cells } of rows) {
    const at = `${file}:${line}`;
    const cellOf = (name: string) => cells[names.indexOf(name)] ?? '';
    const id = cellOf(ID);
    const earlier = assets.get(id);
    if (id === '') findings.push(finding('INVENTORY_ROW', at, 'the row has no id and is left out'));
    else if (earlier) {
      findings.push(finding('INVENTORY_ROW', at, `"${id}" stands at ${earlier.at} already: the first row counts`));
    } else {
      const nameplate: { [F in NameplateField]?: string } = {};
      const extra: Record<string, string> = {};
      for (const [index, name] of names.entries()) {
        const [field, value = ''] = [FIELD_OF.get(name), cells[index]];
        if (value === '' || name === '' || name === ID || name === AREA) continue;
        if (field === undefined) extra[columns[index] ?? name] = value;
        else nameplate[field] ??= value;
      }
      const value = assetComponent({ id, ...present({ areaId: cellOf(AREA) }), nameplate, extra });
      assets.set(id, { value, at, places: new Map() });
    }
  }
  return { assets: [...assets.values()], findings };
}
