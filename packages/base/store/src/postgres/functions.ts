/**
 * Functions of SQLite that the statements of medkit use, for PostgreSQL. They are in the schema of the tables, and differ
 * from functions of PostgreSQL of the same name by the types of their arguments. `json_extract` returns text. PostgreSQL has
 * no text with a NUL character: JSON that escapes one is read with U+FFFD instead.
 */
export const FUNCTIONS: readonly (readonly string[])[] = [
  [
    `CREATE FUNCTION storable_json(body text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
       SELECT replace(body, '\\u0000', '\\ufffd')
     $$`,
    `CREATE FUNCTION json_each(list text) RETURNS TABLE (key text, value text) LANGUAGE sql IMMUTABLE AS $$
       SELECT (place - 1)::text, each.value FROM json_array_elements_text(storable_json(list)::json) WITH ORDINALITY AS each (value, place)
     $$`,
    `CREATE FUNCTION json_extract(body text, path text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
       SELECT jsonb_path_query_first(storable_json(body)::jsonb, path::jsonpath) #>> '{}'
     $$`,
    `CREATE FUNCTION json_valid(body text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT AS $$
       BEGIN
         PERFORM storable_json(body)::jsonb;
         RETURN true;
       EXCEPTION WHEN others THEN
         RETURN false;
       END
     $$`,
    `CREATE FUNCTION zeroblob(length bigint) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT AS $$
       SELECT decode(repeat('00', length::int), 'hex')
     $$`,
    `CREATE FUNCTION instr(text, part text) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
       SELECT strpos($1, part)::bigint
     $$`,
    `CREATE FUNCTION max(one bigint, other bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
       SELECT greatest(one, other)
     $$`,
    `CREATE FUNCTION min(one bigint, other bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
       SELECT least(one, other)
     $$`,
  ],
];
