import type { Component } from '@medkit/core';
import type { Declared } from './manifest.ts';
import { omitEmpty } from './omit-empty.ts';
import { readIdentity } from './read-identity.ts';
import { readLock } from './read-lock.ts';
import type { Section } from './section.ts';

/**
 * Reads components and the components nested in them. A nested component belongs to the enclosing one, whatever parent
 * it names.
 */
export function readComponents(sections: readonly Section[], enclosing?: string): readonly Declared<Component>[] {
  return sections.flatMap((section) => {
    const id = section.text('id') ?? '';
    const fqn = section.text('fqn');
    const named = section.text('parent_component_id', 'parent_component');
    const component: Component = {
      kind: 'component',
      id,
      name: section.text('name') ?? id,
      source: 'manifest',
      ...omitEmpty({
        ...readSharedFields(section),
        type: section.text('type'),
        areaId: section.text('area'),
        parentComponentId: enclosing ?? named,
        aliases: fqn === undefined ? [] : [fqn],
        identity: readIdentity(section.section('identity'), 'manifest'),
        lock: readLock(section.section('lock')),
      }),
    };
    section.pass('category');
    const nested = readComponents(section.sections('subcomponents'), id);
    section.finish();
    return [{ value: component, at: section.at, places: section.places }, ...nested];
  });
}

/** Reads the fields that components and assets share. */
export function readSharedFields(section: Section) {
  return {
    description: section.text('description'),
    translationId: section.text('translation_id'),
    tags: section.texts('tags'),
    namespace: section.text('namespace'),
    variant: section.text('variant'),
    dependsOn: section.texts('depends_on'),
    external: section.flag('external'),
  };
}
