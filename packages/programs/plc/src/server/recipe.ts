import type { Folder, Namespace } from './library.ts';

/**
 * What is filled, which whoever has to may write. Its variables have the kinds of node ids that those of the tank have not
 * (OPC 10000-3, 8.2.3): controllers number their variables, or give them a GUID or octets, as their programs are compiled.
 */
const RECIPE = [
  { browseName: 'Number', nodeId: 'i=7001', dataType: 'Int32', value: 4 },
  { browseName: 'Name', nodeId: 'g=5ad6e4a6-3f0e-4d6d-9d0b-1b7e7a5c9f10', dataType: 'String', value: 'Lemonade' },
  { browseName: 'Released', nodeId: 'b=UmVsZWFzZWQ=', dataType: 'Boolean', value: true },
] as const;

/** Adds the recipe of the station: it keeps what is written to it. */
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
