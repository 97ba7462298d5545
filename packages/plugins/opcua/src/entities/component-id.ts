import { type Nameplate, toEntityId } from '@medkit/core';

/** What may say which component a PLC is, the first that does counting. */
export interface ComponentNames {
  /** Those of the node map. */
  readonly mappedId: string | undefined;
  readonly mappedName: string | undefined;
  /** As the configuration calls it among several; empty for the only one. */
  readonly name: string;
  readonly nameplate: Nameplate | undefined;
  readonly endpointUrl: string;
}

/** Id and name of the component: as the map or the configuration has them, else what the PLC says of itself, else where it is. */
export function componentOf(names: ComponentNames): { readonly id: string; readonly name: string } {
  const { mappedId, mappedName, name, nameplate, endpointUrl } = names;
  const told = [nameplate?.manufacturer, nameplate?.model].filter((part) => part !== undefined).join(' ');
  const own = mappedId ?? (name || (told === '' ? `opcua-${hostOf(endpointUrl)}` : told.toLowerCase()));
  return { id: toEntityId(own), name: mappedName ?? mappedId ?? (name || told || own) };
}

function hostOf(endpointUrl: string): string {
  return URL.canParse(endpointUrl) ? new URL(endpointUrl).hostname : endpointUrl;
}
