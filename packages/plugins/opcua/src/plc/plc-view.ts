import { type Nameplate, toEntityId } from '@medkit/core';
import { componentOf } from '../entities/component-id.ts';
import { type MappedEntity, mappedEntities } from '../entities/mapped-entity.ts';
import type { NodeMap } from '../node-map/node-map.ts';
import type { PlcOptions } from '../options/plc-options.ts';

/** The entities of a PLC: a component with its apps, from its node map, its nameplate and browsing. */
export class PlcView {
  readonly #options: Pick<PlcOptions, 'name' | 'endpointUrl' | 'componentId'>;
  #map: NodeMap;
  #nameplate: Nameplate | undefined;
  #component: { readonly id: string; readonly name: string };
  #entities: ReadonlyMap<string, MappedEntity>;
  #owners: ReadonlyMap<string, string>;
  #isFixed = false;

  constructor(options: Pick<PlcOptions, 'name' | 'endpointUrl'>, map: NodeMap) {
    this.#options = options;
    this.#map = map;
    this.#component = this.#named();
    this.#entities = mappedEntities(map, this.alarmsEntity);
    this.#owners = ownersIn(map);
  }

  get map(): NodeMap {
    return this.#map;
  }

  get area(): { readonly id: string; readonly name: string } {
    const { areaId: id, areaName: name } = this.#map;
    return { id, name };
  }

  get component(): { readonly id: string; readonly name: string } {
    return this.#component;
  }

  get nameplate(): Nameplate | undefined {
    return this.#nameplate;
  }

  get entities(): ReadonlyMap<string, MappedEntity> {
    return this.#entities;
  }

  /** The app of alarms without a mapped node; `undefined` if only mapped alarms become faults. */
  get alarmsEntity(): string | undefined {
    const { autoAlarms } = this.#map;
    return autoAlarms && (autoAlarms.entityId ?? toEntityId(`${this.#component.id}_alarms`));
  }

  /** Returns the app of a node. */
  ownerOf(nodeId: string): string | undefined {
    return this.#owners.get(nodeId);
  }

  /** Applies the nameplate of the PLC. Returns whether its ids have changed. */
  take(nameplate: Nameplate): boolean {
    const isRenamed = this.isRenamedBy(nameplate);
    this.#nameplate = nameplate;
    if (this.#isFixed) return false;
    this.#component = this.#named(nameplate);
    this.#entities = mappedEntities(this.#map, this.alarmsEntity);
    return isRenamed;
  }

  isRenamedBy(nameplate: Nameplate): boolean {
    return !this.#isFixed && this.#named(nameplate).id !== this.#component.id;
  }

  /** Fixes the ids, whatever nameplate follows: faults and users refer to them. */
  fix(): void {
    this.#isFixed = true;
  }

  /** Replaces its map by one that includes the result of browsing. */
  extend(map: NodeMap): void {
    this.#map = map;
    this.#entities = mappedEntities(map, this.alarmsEntity);
    this.#owners = ownersIn(map);
  }

  #named(nameplate?: Nameplate): { readonly id: string; readonly name: string } {
    const { name, endpointUrl, componentId } = this.#options;
    const mappedId = this.#map.componentId ?? componentId;
    const mappedName =
      this.#map.componentName ?? (this.#map.componentId === undefined && componentId ? name : undefined);
    return componentOf({ mappedId, mappedName, name, nameplate, endpointUrl });
  }
}

function ownersIn({ nodes }: NodeMap): ReadonlyMap<string, string> {
  return new Map(nodes.map(({ nodeId, entityId }) => [nodeId, entityId]));
}
