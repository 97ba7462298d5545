import { dirname, isAbsolute, join } from 'node:path';
import { type ManagedScript, SCRIPT_FORMATS, type ScriptArgument } from '@medkit/core';
import { toPlainData } from '@medkit/documents';
import type { Declared } from './manifest.ts';

import { omitEmpty } from './omit-empty.ts';
import type { Section } from './section.ts';

const DEFAULT_TIMEOUT_SEC = 300;

/** Reads the scripts of a manifest file; a script without id, path or known format is reported and ignored. */
export function readScripts(sections: readonly Section[], file: string): readonly Declared<ManagedScript>[] {
  return sections.flatMap((section) => {
    const [id, path] = [needed(section, 'id'), needed(section, 'path')];
    const format = formatOf(section);
    const rest = {
      ...omitEmpty({
        description: section.text('description'),
        parametersSchema: schemaOf(section),
      }),
      timeoutSec: Math.max(1, section.whole('timeout_sec') ?? DEFAULT_TIMEOUT_SEC),
      entityFilter: section.texts('entity_filter'),
      env: section.section('env')?.textsByName() ?? {},
      args: section.sections('args').map(readArgument),
    };
    const name = section.text('name');
    section.finish();
    if (id === undefined || path === undefined || format === undefined) return [];
    const place = isAbsolute(path) ? path : join(dirname(file), path);
    return [{ value: { id, name: name ?? id, path: place, format, ...rest }, at: section.at, places: section.places }];
  });
}

function needed(section: Section, key: string): string | undefined {
  const text = section.text(key);
  if (text) return text;
  section.report('LOAD', key, 'is required for a script');
  return undefined;
}

function formatOf(section: Section): ManagedScript['format'] | undefined {
  const text = needed(section, 'format');
  const format = SCRIPT_FORMATS.find((known) => known === text);
  if (text && !format) section.report('LOAD', 'format', `"${text}" is not one of ${SCRIPT_FORMATS.join(', ')}`);
  return format;
}

function schemaOf(section: Section): unknown {
  const schema = section.part('parameters_schema');
  return schema && toPlainData(schema);
}

function readArgument(section: Section): ScriptArgument {
  const flag = section.text('flag');
  const argument = {
    name: section.text('name') ?? '',
    type: section.text('type') ?? 'positional',
    ...(flag !== undefined && { flag }),
  };
  section.finish();
  return argument;
}
