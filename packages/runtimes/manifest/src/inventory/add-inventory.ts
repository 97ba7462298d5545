import type { Component } from '@medkit/core';
import { mergeNameplates } from '@medkit/core/merge';
import { type Finding, finding } from '../document/finding.ts';
import type { Declarations, Declared } from '../document/manifest.ts';

/**
 * Merges the assets of an inventory into declarations. A component that is already declared stays unchanged except that
 * the inventory fills its nameplate. An asset in an undeclared area gets no area.
 */
export function addInventory(
  declared: Declarations,
  assets: readonly Declared<Component>[],
): { readonly declared: Declarations; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const areas = new Set(declared.areas.map(({ value }) => value.id));
  const known = new Set(declared.components.map(({ value }) => value.id));
  const byId = new Map(assets.map(({ value }) => [value.id, value]));
  const added = assets
    .filter(({ value }) => !known.has(value.id))
    .map((asset) => {
      const { areaId, ...placeless } = asset.value;
      if (areaId === undefined || areas.has(areaId)) return asset;
      findings.push(
        finding('INVENTORY_ROW', asset.at, `there is no area "${areaId}": "${asset.value.id}" is in no area`),
      );
      return { ...asset, value: placeless };
    });
  const components = declared.components.map((component) => filled(component, byId.get(component.value.id)));
  return { declared: { ...declared, components: [...components, ...added] }, findings };
}

function filled(component: Declared<Component>, asset: Component | undefined): Declared<Component> {
  const identity = mergeNameplates(
    [component.value, asset].flatMap((part) =>
      part?.identity ? [{ source: part.source, nameplate: part.identity }] : [],
    ),
  );
  return asset && identity ? { ...component, value: { ...component.value, identity } } : component;
}
