import type { FunctionEntity } from '@medkit/core';
import type { Declared } from './manifest.ts';
import { omitEmpty } from './omit-empty.ts';
import type { Section } from './section.ts';

export function readFunctions(sections: readonly Section[]): readonly Declared<FunctionEntity>[] {
  return sections.map((section) => {
    const id = section.text('id') ?? '';
    const value: FunctionEntity = {
      kind: 'function',
      id,
      name: section.text('name') ?? id,
      source: 'manifest',
      hosts: section.texts('hosted_by', 'hosts'),
      ...omitEmpty({
        description: section.text('description'),
        translationId: section.text('translation_id'),
        tags: section.texts('tags'),
        dependsOn: section.texts('depends_on'),
      }),
    };
    section.pass('category');
    section.finish();
    return { value, at: section.at, places: section.places };
  });
}
