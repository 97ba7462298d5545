import type { Component } from '@medkit/core';
import { type Asset, assetComponent, NAMEPLATE_NAMES } from './asset.ts';
import type { Declared } from './manifest.ts';
import { omitEmpty } from './omit-empty.ts';
import { readSharedFields } from './read-components.ts';
import type { Section } from './section.ts';

/** Reads assets as components; unknown text fields are stored in the nameplate under their names. */
export function readAssets(sections: readonly Section[]): readonly Declared<Component>[] {
  return sections.map((section) => {
    const asset: Asset = {
      id: section.text('id') ?? '',
      ...omitEmpty({
        ...readSharedFields(section),
        name: section.text('name'),
        type: section.text('type'),
        areaId: section.text('area'),
        parentComponentId: section.text('parent_component_id'),
      }),
      nameplate: Object.fromEntries(
        Object.entries(NAMEPLATE_NAMES).map(([field, names]) => [field, section.text(...names)]),
      ),
      extra: section.otherTexts(),
    };
    section.finish();
    return { value: assetComponent(asset), at: section.at, places: section.places };
  });
}
