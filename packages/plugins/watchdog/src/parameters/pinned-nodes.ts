import { isDeepStrictEqual } from 'node:util';
import { oncePerKey } from '@medkit/core';
import { splitNodeName } from '@medkit/core/discovery';
import type { NamedNodes } from '../names/named-nodes.ts';

type Pins = ReadonlyMap<string, unknown>;

const NONE: Pins = new Map();

/** Required parameter values of a node, under any of its names. */
export class PinnedNodes {
  readonly #expect: ReadonlyMap<string, Pins>;
  readonly #nodes: NamedNodes;
  readonly #onCollision: (message: string) => void;
  readonly #isNew = oncePerKey();

  constructor(expect: ReadonlyMap<string, Pins>, nodes: NamedNodes, onCollision: (message: string) => void) {
    this.#expect = expect;
    this.#nodes = nodes;
    this.#onCollision = onCollision;
  }

  /**
   * Returns the required values by parameter. If they differ between names of the node, the full name takes precedence,
   * then the app.
   */
  pinsOf(fqn: string): Pins {
    if (this.#expect.size === 0) return NONE;
    const names = [fqn, this.#nodes.appOf(fqn), splitNodeName(fqn).name];
    const sections = [...new Set(names)].flatMap((name) => (name && this.#expect.get(name)) || []);
    if (sections.length <= 1) return sections[0] ?? NONE;
    const pins = new Map<string, unknown>();
    for (const [parameter, value] of sections.flatMap((section) => [...section])) {
      if (!pins.has(parameter)) pins.set(parameter, value);
      else if (!isDeepStrictEqual(pins.get(parameter), value)) this.#collide(fqn, parameter);
    }
    return pins;
  }

  #collide(fqn: string, parameter: string): void {
    const message = `${parameter} of ${fqn} has two expected values; the value under the full name of the node is used`;
    if (this.#isNew(message)) this.#onCollision(message);
  }
}
