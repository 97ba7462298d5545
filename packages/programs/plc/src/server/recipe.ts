import type { Folder, Namespace } from './library.ts';

/**
 * Recipe variables, which clients may write. They use the node id types that the tank variables do not use (OPC 10000-3, 8.2.3):
 * compiled controller programs identify variables by number, GUID or opaque bytes.
 */
const RECIPE = [
  { browseName: 'Number', nodeId: 'i=7001', dataType: 'Int32', value: 4 },
  { browseName: 'Name', nodeId: 'g=5ad6e4a6-3f0e-4d6d-9d0b-1b7e7a5c9f10', dataType: 'String', value: 'Lemonade' },
  { browseName: 'Released', nodeId: 'b=UmVsZWFzZWQ=', dataType: 'Boolean', value: true },
] as const;

/** Adds the recipe of the station. It stores written values. */
export function addRecipe(namespace: Namespace, objects: ReadonlyMap<string, Folder>): void {
  const componentOf = objects.get('Recipe');
  if (componentOf === undefined) throw new Error('the recipe has no object');
  for (const { dataType, value, ...options } of RECIPE) {
    const variable = namespace.addVariable({
      ...options,
      componentOf,
      dataType,
      accessLevel: 'CurrentRead | CurrentWrite',
      userAccessLevel: 'CurrentRead | CurrentWrite',
    });
    variable.setValueFromSource({ dataType, value });
  }
}
