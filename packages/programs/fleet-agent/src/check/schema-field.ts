/** A JSON Schema of a message, as the gateway tells it with an item of data. */
interface FieldSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly items?: unknown;
}

/** A path that a schema does not have: the name that is missing, and those that stand there instead. */
export interface MissingField {
  readonly missing: string;
  readonly choice: readonly string[];
}

/** What stands behind a path: the kind of the field, or where the path goes astray; `undefined` where the schema does not say. */
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
