/** Returns the members of a JSON reply of the provider; none if it is not a JSON object. */
export function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    // Not JSON: has no fields.
    return {};
  }
}

/** An error code of OAuth 2.0, without characters that could be mistaken for the text of a message. */
export const errorCode = (text: string): string => text.replaceAll(/[^\w.-]/g, '').slice(0, 64);
