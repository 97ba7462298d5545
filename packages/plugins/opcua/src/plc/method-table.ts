import { errorMessage, toEntityId } from '@medkit/core';
import type { MethodArgument, PlcSession } from '@medkit/opcua';
import type { MappedMethod } from '../node-map/node-map.ts';

/** A callable method with its arguments. */
export interface MethodFacts {
  readonly method: MappedMethod;
  /** Its name in the API. */
  readonly name: string;
  readonly input: readonly MethodArgument[];
  readonly output: readonly MethodArgument[];
}

/** The methods of a PLC that its node map allows, as last described by the PLC. */
export class MethodTable {
  #facts: readonly MethodFacts[] = [];

  of(entityId: string): readonly MethodFacts[] {
    return this.#facts.filter(({ method }) => method.entityId === entityId);
  }

  /** Requests the description of each method. Returns a sentence for each method that the PLC does not know. */
  async describe(
    session: Pick<PlcSession, 'describeMethod'>,
    methods: readonly MappedMethod[],
  ): Promise<readonly string[]> {
    const facts: MethodFacts[] = [];
    const problems: string[] = [];
    // Assigned for all methods, so that the name of a temporarily unavailable one is not used for another.
    const met = new Set<string>();
    for (const method of methods) {
      const { methodId, entityId } = method;
      const name = method.name ?? nameOf(methodId);
      if (met.has(`${entityId}/${name}`)) {
        problems.push(`the method ${methodId} is ignored: ${entityId} already has a method ${name}; set another name`);
        continue;
      }
      met.add(`${entityId}/${name}`);
      try {
        const { input, output } = await session.describeMethod(methodId);
        facts.push({ method, name, input: namedApart(input), output: namedApart(output) });
      } catch (error) {
        problems.push(`the method ${methodId} is ignored: ${errorMessage(error)}`);
      }
    }
    this.#facts = facts;
    return problems;
  }
}

/**
 * Makes argument names unique: an unnamed or duplicate argument becomes `arg1`, `arg2` by its position. With a shared
 * name, one value would be used for all of them.
 */
function namedApart(declared: readonly MethodArgument[]): readonly MethodArgument[] {
  const count = (name: string) => declared.filter((each) => each.name === name).length;
  return declared.map((argument, at) => {
    const { name, description } = argument;
    if (name !== '' && count(name) === 1) return argument;
    const place = `arg${at + 1}`;
    const free = declared.some((each) => each.name === place) ? `${place}_of_${declared.length}` : place;
    const says =
      name === '' ? 'The PLC gives this argument no name' : `One of ${count(name)} arguments with the name ${name}`;
    return { ...argument, name: free, description: description === '' ? says : `${description} (${says})` };
  });
}

/** Converts `ns=2;s=Tank.StartPump` to `StartPump`, `ns=2;i=7001` to `method_7001` */
function nameOf(methodId: string): string {
  const identifier = methodId.replace(/^(?:nsu?=[^;]*;)?[isgb]=/, '');
  const name = toEntityId(identifier.slice(identifier.lastIndexOf('.') + 1));
  return /^\d+$/.test(name) ? `method_${name}` : name;
}
