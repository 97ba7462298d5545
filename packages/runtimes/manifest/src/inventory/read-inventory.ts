import type { Component, NameplateField } from '@medkit/core';
import { assetComponent, NAMEPLATE_NAMES } from '../document/asset.ts';
import { type Finding, finding } from '../document/finding.ts';
import type { Declared } from '../document/manifest.ts';
import { omitEmpty } from '../document/omit-empty.ts';
import { readCsv } from './csv.ts';

/** Columns that are not part of the nameplate. */
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

/**
 * Reads an inventory with one asset per row. A column that is neither placement nor nameplate is stored under its name.
 */
export function readInventory(text: string, file: string): InventoryReading {
  const [header, ...rows] = readCsv(text);
  const refused = (message: string): InventoryReading => ({
    assets: [],
    findings: [finding('INVENTORY_CSV', header ? `${file}:${header.line}` : file, message)],
  });
  if (!header) return refused('the inventory is empty: expected column names in the first line');
  const columns = header.cells.map((name) => name.trim());
  const names = columns.map((name) => name.toLowerCase());
  const [idColumn, areaColumn] = [names.indexOf(ID), names.indexOf(AREA)];
  if (idColumn < 0) return refused('the inventory has no column "id"');

  const findings: Finding[] = [];
  const assets = new Map<string, Declared<Component>>();
  for (const { line, cells } of rows) {
    const at = `${file}:${line}`;
    const id = cells[idColumn] ?? '';
    const earlier = assets.get(id);
    if (id === '') findings.push(finding('INVENTORY_ROW', at, 'the row has no id and is ignored'));
    else if (earlier) {
      findings.push(finding('INVENTORY_ROW', at, `"${id}" is already defined at ${earlier.at}: the first row is used`));
    } else {
      const nameplate: { [F in NameplateField]?: string } = {};
      const extra: Record<string, string> = {};
      // Iterates over the cells of the row, so that short rows below thousands of columns stay cheap.
      for (const [index, value] of cells.entries()) {
        const name = names[index] ?? '';
        if (value === '' || name === '' || name === ID || name === AREA) continue;
        const field = FIELD_OF.get(name);
        if (field === undefined) extra[columns[index] ?? name] = value;
        else nameplate[field] ??= value;
      }
      const value = assetComponent({ id, ...omitEmpty({ areaId: cells[areaColumn] ?? '' }), nameplate, extra });
      assets.set(id, { value, at, places: new Map() });
    }
  }
  return { assets: [...assets.values()], findings };
}
