import { NAMEPLATE_FIELDS, type Nameplate, type NameplateField } from '@medkit/core';
import { omitEmpty } from './omit-empty.ts';
import type { Section } from './section.ts';

/** Reads an `identity` section and marks each field with `source`; `undefined` if it is empty. */
export function readIdentity(section: Section | undefined, source: string): Nameplate | undefined {
  if (!section) return undefined;
  const fields = Object.fromEntries(NAMEPLATE_FIELDS.map(([field, name]) => [field, section.text(name)]));
  const extra = section.section('extra')?.textsByName() ?? {};
  section.finish();
  return nameplateFrom(fields, extra, source);
}

/** Returns a nameplate of these fields, each marked with `source`; `undefined` if no field has a value. */
export function nameplateFrom(
  fields: { readonly [F in NameplateField]?: string | undefined },
  extra: Readonly<Record<string, string>>,
  source: string,
): Nameplate | undefined {
  const present = NAMEPLATE_FIELDS.filter(([field]) => fields[field]).map(([, name]) => name);
  const more = Object.entries(extra).filter(([, value]) => value !== '');
  const names = [...present, ...more.map(([key]) => `extra.${key}`)];
  if (names.length === 0) return undefined;
  return {
    ...omitEmpty(fields),
    ...(more.length > 0 && { extra: Object.fromEntries(more) }),
    provenance: Object.fromEntries(names.map((name) => [name, source])),
  };
}
