import type { Area } from '@medkit/core';
import type { Declared } from './manifest.ts';
import { omitEmpty } from './omit-empty.ts';
import type { Section } from './section.ts';

/** Reads areas and the areas nested in them. A nested area belongs to the enclosing one, whatever parent it names. */
export function readAreas(sections: readonly Section[], enclosing?: string): readonly Declared<Area>[] {
  return sections.flatMap((section) => {
    const id = section.text('id') ?? '';
    const named = section.text('parent_area', 'parent_area_id');
    const area: Area = {
      kind: 'area',
      id,
      name: section.text('name') ?? id,
      source: 'manifest',
      namespace: section.text('namespace') ?? `/${id}`,
      ...omitEmpty({
        description: section.text('description'),
        translationId: section.text('translation_id'),
        tags: section.texts('tags'),
        parentAreaId: enclosing ?? named,
      }),
    };
    section.pass('category');
    const nested = readAreas(section.sections('subareas'), id);
    section.finish();
    return [{ value: area, at: section.at, places: section.places }, ...nested];
  });
}
