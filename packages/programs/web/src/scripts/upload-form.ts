import { parseJsonInput, stringifyJson } from '@medkit/core/json';

/** What the user typed about a script; an empty text is left out. */
export interface UploadInput {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the parameters. */
  readonly schema: string;
}

/** Returns whether the text is empty or a JSON object. */
export function isSchemaText(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    const value: unknown = parseJsonInput(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Returns the form of an upload. `input.schema` must satisfy `isSchemaText`. */
export function uploadForm(file: File, { name, description, schema }: UploadInput): FormData {
  const metadata = {
    ...(name.trim() !== '' && { name: name.trim() }),
    ...(description.trim() !== '' && { description: description.trim() }),
    ...(schema.trim() !== '' && { parameters_schema: parseJsonInput(schema) }),
  };
  const form = new FormData();
  form.append('file', file, file.name);
  if (Object.keys(metadata).length > 0) form.append('metadata', stringifyJson(metadata));
  return form;
}
