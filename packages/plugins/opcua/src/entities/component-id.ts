import { type Nameplate, toEntityId } from '@medkit/core';

/** Possible sources of a component's id and name, by precedence. */
export interface ComponentNames {
  /** From the node map. */
  readonly mappedId: string | undefined;
  readonly mappedName: string | undefined;
  /** Name in the configuration if there are several PLCs; empty for a single one. */
  readonly name: string;
  readonly nameplate: Nameplate | undefined;
  readonly endpointUrl: string;
}

/**
 * Returns id and name of the component: from the map or the configuration, otherwise from the PLC's nameplate,
 * otherwise from its address.
 */
export function componentOf(names: ComponentNames): { readonly id: string; readonly name: string } {
  const { mappedId, mappedName, name, nameplate, endpointUrl } = names;
  const product = [nameplate?.manufacturer, nameplate?.model].filter((part) => part !== undefined).join(' ');
  const idSource = mappedId ?? (name || (product === '' ? `opcua-${hostOf(endpointUrl)}` : product.toLowerCase()));
  return { id: toEntityId(idSource), name: mappedName ?? mappedId ?? (name || product || idSource) };
}

function hostOf(endpointUrl: string): string {
  return URL.canParse(endpointUrl) ? new URL(endpointUrl).hostname : endpointUrl;
}
