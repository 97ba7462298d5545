/** JSON Schema of a message, which the gateway returns with a data item. */
interface FieldSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly items?: unknown;
}

/** A path that is not in a schema: the missing name, and the existing names. */
export interface MissingField {
  readonly missing: string;
  readonly choice: readonly string[];
}

/** Returns the type of the field at a path, or where the path is invalid; `undefined` if the schema does not say. */
export function fieldIn(schema: unknown, path: string): { readonly type: string } | MissingField | undefined {
  let part = schema as FieldSchema | undefined;
  for (const name of path === '' ? [] : path.split('.')) {
    if (part?.type === 'array' && /^\d+$/.test(name)) {
      part = part.items as FieldSchema | undefined;
    } else if (part?.properties !== undefined) {
      if (!Object.hasOwn(part.properties, name)) return { missing: name, choice: Object.keys(part.properties) };
      part = part.properties[name] as FieldSchema | undefined;
    } else {
      return typeof part?.type === 'string' ? { missing: name, choice: [] } : undefined;
    }
  }
  return typeof part?.type === 'string' ? { type: part.type } : undefined;
}
